// All kernels for one instruction set (ISA) and scalar type (T, TYPE). Included once per pair.
#define PASTE_(name, type, isa) ductus_##name##_##type##_##isa
#define PASTE(name, type, isa) PASTE_(name, type, isa)
#define NAME(name) PASTE(name, TYPE, ISA)
#define V NAME(vector)
#define VU NAME(unaligned_vector)

#include "Scalar.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Convolution.h"
#include "Pooling.h"
#include "Normalization.h"
#include "Recurrent.h"
#include "CTC.h"
#include "Optimizers.h"
#include "Random.h"

const ductus_kernels NAME(table) = {
    .name = ISA_NAME,
    .unary = NAME(unary), .binary = NAME(binary), .binary_rows = NAME(binary_rows), .axpby = NAME(axpby),
    .bias_activation = NAME(bias_activation), .activation_gradient = NAME(activation_gradient),
    .reduce = NAME(reduce), .argmax = NAME(argmax), .sum_of_squares = NAME(sum_of_squares),
    .softmax = NAME(softmax), .softmax_gradient = NAME(softmax_gradient), .cross_entropy = NAME(cross_entropy),
    .packed_weight_count = NAME(packed_weight_count), .pack_weights = NAME(pack_weights), .convolve = NAME(convolve),
    .convolve_weight_gradient = NAME(convolve_weight_gradient), .turn_weights = NAME(turn_weights), .im2col = NAME(im2col), .col2im = NAME(col2im),
    .max_pool = NAME(max_pool), .max_pool_gradient = NAME(max_pool_gradient),
    .column_totals = NAME(column_totals), .column_sums = NAME(column_sums), .column_squares = NAME(column_squares),
    .column_products = NAME(column_products), .column_affine = NAME(column_affine),
    .column_affine2 = NAME(column_affine2),
    .lstm_step = NAME(lstm_step), .lstm_step_gradient = NAME(lstm_step_gradient),
    .ctc_workspace = NAME(ctc_workspace), .ctc = NAME(ctc),
    .sgd = NAME(sgd), .rmsprop = NAME(rmsprop), .adam = NAME(adam), .uniform = NAME(uniform),
    .dropout_mask = NAME(dropout_mask),
};

#undef V
#undef VU
#undef NAME
#undef PASTE
#undef PASTE_
