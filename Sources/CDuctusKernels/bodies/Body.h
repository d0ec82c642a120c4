// All kernels for one instruction set (ISA) and scalar type (T, TYPE). Included once per pair.
#define PASTE_(name, type, isa) ductus_##name##_##type##_##isa
#define PASTE(name, type, isa) PASTE_(name, type, isa)
#define NAME(name) PASTE(name, TYPE, ISA)
#define V NAME(vector)
#define VU NAME(unaligned_vector)

// A set with wide vectors leaves to the next narrower one what would not fill them.
#ifdef NARROWER
#define LEAVE(CONDITION, CALL) if (CONDITION) return NARROWER.CALL;
#else
#define LEAVE(CONDITION, CALL)
#endif

#include "Scalar.h"
#include "Gelu.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Matrix.h"
#include "Convolution.h"
#include "Depthwise.h"
#include "Winograd.h"
#include "Pooling.h"
#include "Sparse.h"
#include "Normalization.h"
#include "Recurrent.h"
#include "GRU.h"
#include "Attention.h"
#include "CTC.h"
#include "Optimizers.h"
#include "Random.h"

const ductus_kernels NAME(table) = {
    .name = ISA_NAME,
    .unary = NAME(unary), .binary = NAME(binary), .binary_rows = NAME(binary_rows), .axpby = NAME(axpby),
    .bias_activation = NAME(bias_activation), .activation_gradient = NAME(activation_gradient),
    .reduce = NAME(reduce), .argmax = NAME(argmax), .sum_of_squares = NAME(sum_of_squares),
    .softmax = NAME(softmax), .softmax_gradient = NAME(softmax_gradient), .cross_entropy = NAME(cross_entropy),
    .packed_count = NAME(packed_count), .pack = NAME(pack), .multiply = NAME(multiply),
    .product_workspace = NAME(product_workspace), .product_of_rows = NAME(product_of_rows), .convolve = NAME(convolve),
    .convolve_weight_gradient = NAME(convolve_weight_gradient),
    .depthwise = NAME(depthwise), .depthwise_weight_gradient = NAME(depthwise_weight_gradient), .turn_weights = NAME(turn_weights), .im2col = NAME(im2col), .col2im = NAME(col2im),
    .winograd_filters = NAME(winograd_filters), .winograd_filter_gradient = NAME(winograd_filter_gradient),
    .winograd_workspace = NAME(winograd_workspace), .winograd = NAME(winograd), .winograd_gradient = NAME(winograd_gradient),
    .max_pool = NAME(max_pool), .max_pool_gradient = NAME(max_pool_gradient), .sparse_rows = NAME(sparse_rows),
    .column_sums = NAME(column_sums), .column_moments = NAME(column_moments), .join_moments = NAME(join_moments),
    .column_affine = NAME(column_affine), .column_affine_sums = NAME(column_affine_sums),
    .column_affine_gradient = NAME(column_affine_gradient), .norm_coefficients = NAME(norm_coefficients),
    .norm_gradient_coefficients = NAME(norm_gradient_coefficients),
    .layer_norm = NAME(layer_norm), .layer_norm_gradient = NAME(layer_norm_gradient),
    .lstm_step = NAME(lstm_step), .lstm_step_gradient = NAME(lstm_step_gradient),
    .gru_step = NAME(gru_step), .gru_step_gradient = NAME(gru_step_gradient), .mask_scores = NAME(mask_scores),
    .ctc_workspace = NAME(ctc_workspace), .ctc = NAME(ctc),
    .sgd = NAME(sgd), .rmsprop = NAME(rmsprop), .lion = NAME(lion), .adam = NAME(adam), .uniform = NAME(uniform),
    .dropout_mask = NAME(dropout_mask), .random_blocks = NAME(random_blocks),
};

#undef LEAVE
#undef LIBRARY
#undef UNROLL
#undef L
#undef V
#undef VU
#undef NAME
#undef PASTE
#undef PASTE_
