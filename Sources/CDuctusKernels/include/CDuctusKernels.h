// The hot loops of Ductus, compiled for every instruction set and scalar type and selected once at startup.
//
// Arrays are dense and row-major unless a stride says otherwise; counts are elements. `void *` stands for the
// table's scalar type (float or double), so that generic Swift code can call either table.
#ifndef DUCTUS_KERNELS_H
#define DUCTUS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef enum {
    DUCTUS_NEGATE, DUCTUS_ABSOLUTE, DUCTUS_SQUARE, DUCTUS_SQRT, DUCTUS_EXP, DUCTUS_LOG, DUCTUS_TANH, DUCTUS_SIGMOID,
    DUCTUS_RELU, DUCTUS_RECIPROCAL, DUCTUS_GELU, DUCTUS_EXP2, DUCTUS_EXPM1, DUCTUS_LOG2, DUCTUS_LOG10, DUCTUS_LOG1P,
    DUCTUS_SIN, DUCTUS_COS, DUCTUS_TAN, DUCTUS_ASIN, DUCTUS_ACOS, DUCTUS_ATAN, DUCTUS_SINH, DUCTUS_COSH, DUCTUS_ASINH,
    DUCTUS_ACOSH, DUCTUS_ATANH, DUCTUS_CUBE_ROOT, DUCTUS_ERF, DUCTUS_SIGN, DUCTUS_FLOOR, DUCTUS_CEIL, DUCTUS_ROUND,
    DUCTUS_TRUNCATE, DUCTUS_SILU,
} ductus_unary;

typedef enum {
    DUCTUS_ADD, DUCTUS_SUBTRACT, DUCTUS_MULTIPLY, DUCTUS_DIVIDE, DUCTUS_MAXIMUM, DUCTUS_MINIMUM,
    DUCTUS_POWER, DUCTUS_ATAN2, DUCTUS_HYPOT, DUCTUS_MODULO, DUCTUS_FLOOR_DIVIDE, DUCTUS_LOG_ADD_EXP,
    // a = upstream gradient, b = the operation's output.
    DUCTUS_RELU_GRADIENT, DUCTUS_TANH_GRADIENT, DUCTUS_SIGMOID_GRADIENT,
    // a = upstream gradient, b = the operation's input.
    DUCTUS_ABSOLUTE_GRADIENT, DUCTUS_GELU_GRADIENT, DUCTUS_SILU_GRADIENT,
} ductus_binary;

// The element types of tensors.
typedef enum { DUCTUS_FLOAT, DUCTUS_DOUBLE, DUCTUS_INT32, DUCTUS_UINT8, DUCTUS_BOOL } ductus_element;

typedef enum { DUCTUS_SUM, DUCTUS_MAX, DUCTUS_MIN, DUCTUS_PRODUCT } ductus_reduction;

typedef enum {
    DUCTUS_IDENTITY, DUCTUS_ACT_RELU, DUCTUS_ACT_TANH, DUCTUS_ACT_SIGMOID, DUCTUS_ACT_GELU,
    DUCTUS_ACT_SILU,
} ductus_activation;

// A convolution over an input that is already zero-padded: output row `r` of image `n` reads, for every entry of
// `offsets` (one per kernel tap and input channel), x[n*image_stride + r*row_step + pixel*pixel_step + offset].
typedef struct {
    size_t out_height, out_width, out_channels;
    size_t out_step;   // between the output's pixels, which are dense: more than out_channels for a group of channels
    size_t image_stride, row_step, pixel_step;
    size_t reduction;
    const ptrdiff_t *offsets;
} ductus_convolution;

// A 3 x 3 convolution of stride 1 in tiles of 4 x 4 outputs. Paddings may be negative (two's complement): then the
// window starts inside. Tiles are counted in every phase of the dilation.
typedef struct {
    size_t in_height, in_width, channels, out_height, out_width, out_channels;
    size_t padding_top, padding_left, dilation_height, dilation_width;
    size_t tile_rows, tile_columns;
} ductus_winograd;
enum { DUCTUS_WINOGRAD_CHANNELS = 1024 };

// A packed matrix consists of panels; this many columns fill whole panels of every instruction set.
enum { DUCTUS_PANEL_COLUMNS = 32 };

// Geometry of a window (convolution or pooling) over an NHWC image.
typedef struct {
    size_t in_height, in_width, channels, out_height, out_width;
    size_t kernel_height, kernel_width, stride_height, stride_width;
    size_t dilation_height, dilation_width, padding_top, padding_left;
} ductus_window;

typedef struct {
    const char *name;

    // Elementwise. `streams` selects non-temporal stores, for results that exceed the caches.
    void (*unary)(ductus_unary op, size_t n, const void *x, void *y, bool streams);
    void (*binary)(ductus_binary op, size_t n, const void *a, ptrdiff_t a_stride, const void *b, ptrdiff_t b_stride,
                   void *y, bool streams);
    // The same for rows: row r of a starts at a[r * a_row].
    void (*binary_rows)(ductus_binary op, size_t rows, size_t columns, const void *a, ptrdiff_t a_row,
                        ptrdiff_t a_stride, const void *b, ptrdiff_t b_row, ptrdiff_t b_stride, void *y);
    // y = alpha x + beta y
    void (*axpby)(size_t n, double alpha, const void *x, double beta, void *y);
    // y[r][c] = activation(y[r][c] + bias[c])
    void (*bias_activation)(size_t rows, size_t columns, const void *_Nullable bias, ductus_activation activation,
                            void *y);
    // dx = dy * activation'(x) in terms of the output y, or for GELU and SiLU of y = x, and the sum of every column of dx. dx may
    // be dy, or absent.
    void (*activation_gradient)(ductus_activation activation, size_t rows, size_t columns, const void *y,
                                const void *dy, void *_Nullable dx, void *sums);

    // Reductions: x[outer][middle][inner] -> y[outer][inner]
    void (*reduce)(ductus_reduction op, size_t outer, size_t middle, size_t inner, const void *x, void *y);
    // The position of the first maximum of every row; of the first NaN, if there is one
    void (*argmax)(size_t rows, size_t columns, const void *x, int32_t *y);
    double (*sum_of_squares)(size_t n, const void *x);

    // Softmax over rows
    void (*softmax)(size_t rows, size_t columns, bool logarithm, const void *x, void *y);
    void (*softmax_gradient)(size_t rows, size_t columns, bool logarithm, const void *y, const void *dy, void *dx);
    // Per row: loss = -log softmax(x)[label]; dx = weight * (softmax(x) - onehot(label))
    void (*cross_entropy)(size_t rows, size_t columns, const void *x, const int32_t *labels, double weight,
                          void *losses, void *dx);

    // Products with a packed matrix w[depth][columns], whose elements are w[d * depth_step + k * column_step]. Some of its
    // columns can be packed, or used, on their own if they start at a multiple of DUCTUS_PANEL_COLUMNS.
    size_t (*packed_count)(size_t depth, size_t columns);
    void (*pack)(size_t depth, size_t columns, const void *w, size_t depth_step, size_t column_step, void *packed);
    // y[r][k] = activation(bias[k] + sum x[r][d] w[d][k], and the old y[r][k] where `adds`); rows are `step` apart
    void (*multiply)(size_t rows, size_t depth, size_t columns, const void *x, size_t x_step, const void *packed,
                     const void *_Nullable bias, ductus_activation activation, bool adds, void *y, size_t y_step);
    // y = x w for an unpacked w, packed in blocks into a workspace
    size_t (*product_workspace)(void);
    void (*product_of_rows)(size_t rows, size_t depth, size_t columns, const void *x, size_t x_step, const void *w,
                            size_t w_step, void *workspace, void *y, size_t y_step);

    // Convolution
    void (*convolve)(const ductus_convolution *c, const void *x, const void *packed, const void *_Nullable bias,
                     ductus_activation activation, size_t first_row, size_t end_row, void *y);
    // Adds rows [first, end) of the weight gradient of all `images`; dw is [reduction][out_channels].
    void (*convolve_weight_gradient)(const ductus_convolution *c, size_t images, const void *x, const void *dy,
                                     size_t first, size_t end, void *dw);
    // Convolution with w[kernel_height][kernel_width][channels], one kernel per channel: output rows [first, end) of all
    // images; or if `adjoint` the input's rows, the gradient of the input from that of the output in place of x.
    void (*depthwise)(const ductus_window *d, bool adjoint, const void *x, const void *w, const void *_Nullable bias,
                      ductus_activation activation, size_t first_row, size_t end_row, void *y);
    // Adds the part of output rows [first, end) to dw.
    void (*depthwise_weight_gradient)(const ductus_window *d, const void *x, const void *dy, size_t first_row,
                                      size_t end_row, void *dw);
    // [taps][in][out] -> [taps][out][in] with the taps in reverse: the kernel of the adjoint.
    void (*turn_weights)(size_t taps, size_t in_channels, size_t out_channels, const void *w, void *turned);
    void (*im2col)(const ductus_window *w, const void *image, size_t first_row, size_t end_row, void *columns);
    void (*col2im)(const ductus_window *w, const void *columns, size_t first_row, size_t end_row, void *image);

    // Winograd convolution. Channels must fill whole vectors of 32 bytes and be at most DUCTUS_WINOGRAD_CHANNELS.
    // The filters' 36 packed transforms, and back from du[36][in][out]; both for input channels [first, end).
    void (*winograd_filters)(size_t in_channels, size_t out_channels, size_t first, size_t end, const void *w,
                             void *packed);
    void (*winograd_filter_gradient)(size_t in_channels, size_t out_channels, size_t first, size_t end, const void *du,
                                     void *dw);
    size_t (*winograd_workspace)(const ductus_winograd *w, size_t tiles);
    void (*winograd)(const ductus_winograd *w, const void *x, const void *packed, const void *_Nullable bias,
                     ductus_activation activation, size_t first_tile, size_t end_tile, void *workspace, void *y);
    // Adds the contribution of tiles to du[36][in][out], for some of the input channels.
    void (*winograd_gradient)(const ductus_winograd *w, const void *x, const void *dy, size_t first_tile,
                              size_t end_tile, size_t first_channel, size_t end_channel, void *workspace, void *du);

    // Max pooling, output rows [first, end) of all images; `index` holds the winning position within each window. The
    // gradient takes whole images, unless the windows neither overlap nor leave gaps.
    void (*max_pool)(const ductus_window *w, const void *images, size_t first_row, size_t end_row, void *y,
                     uint8_t *_Nullable index);
    void (*max_pool_gradient)(const ductus_window *w, const void *dy, const uint8_t *index, size_t first_row,
                              size_t end_row, void *dx);

    // A sparse matrix in compressed rows times every x[batch][columns][inner]: row r of y[batch][rows][inner] is the
    // sum of weights[e] (1 where there are none) times row sources[e] of x, for e from starts[r] to starts[r + 1]. Rows
    // [first, end) of all batches.
    void (*sparse_rows)(size_t rows, size_t columns, size_t inner, const int32_t *starts, const int32_t *sources,
                        const void *_Nullable weights, const void *x, size_t first_row, size_t end_row, void *y);

    // Per column of x[rows][columns]: the sum; the mean, and the sum of squared distances from it
    void (*column_sums)(size_t rows, size_t columns, const void *x, double *sums);
    void (*column_moments)(size_t rows, size_t columns, const void *x, double *means, double *squares);
    // Merges the moments of `more_rows` rows into those of `rows` (Chan, Golub and LeVeque 1979)
    void (*join_moments)(size_t columns, size_t rows, double *means, double *squares, size_t more_rows,
                         const double *more_means, const double *more_squares);
    // y = activation(x * scale + shift) per column. `streams` selects non-temporal stores.
    void (*column_affine)(size_t rows, size_t columns, const void *x, const void *scale, const void *shift,
                          ductus_activation activation, bool streams, void *y);
    // With g the gradient before that activation, recomputed from x: the sums of g and of g * (x - mean)
    void (*column_affine_sums)(size_t rows, size_t columns, const void *x, const double *mean, const void *scale,
                               const void *shift, ductus_activation activation, const void *dy, double *sums,
                               double *products);
    // dx = scale * g + slope * x + constant
    void (*column_affine_gradient)(size_t rows, size_t columns, const void *x, const void *scale, const void *shift,
                                   ductus_activation activation, const void *dy, const void *slope,
                                   const void *constant, bool streams, void *dx);
    // Batch normalization with the given moments: scale and shift of the map above
    void (*norm_coefficients)(size_t columns, const double *mean, const double *variance, double epsilon,
                              const void *gamma, const void *beta, void *scale, void *shift);
    // and the coefficients of its gradient, from the two sums above
    void (*norm_gradient_coefficients)(size_t rows, size_t columns, const double *mean, const double *variance,
                                       double epsilon, const void *gamma, const double *sums, const double *products,
                                       void *slope, void *constant, void *d_gamma, void *d_beta);

    // Every row normalized by its own mean and 1 / √(variance + epsilon), which are stored, then scaled and shifted
    void (*layer_norm)(size_t rows, size_t columns, const void *x, const void *scale, const void *shift,
                       double epsilon, void *y, void *means, void *inverses);
    // Writes dx, and the sums over these rows of the gradients of scale and shift.
    void (*layer_norm_gradient)(size_t rows, size_t columns, const void *x, const void *means, const void *inverses,
                                const void *scale, const void *dy, void *dx, void *d_scale, void *d_shift);

    // One LSTM step over `rows` sequences. Gates i, f, g, o lie side by side in a row of `gates`, which is activated in
    // place.
    void (*lstm_step)(size_t rows, size_t hidden, void *gates, const void *_Nullable previous_cell, void *cell,
                      void *output, size_t output_stride);
    // Turns activated gates into gate gradients in place; `d_cell` [rows][hidden] is carried from step to step.
    void (*lstm_step_gradient)(size_t rows, size_t hidden, void *gates, const void *_Nullable previous_cell,
                               const void *cell, const void *d_output, size_t d_output_stride,
                               const void *d_recurrent, void *d_cell);

    // One GRU step over `rows` sequences. Gates r, z, n lie side by side, dense from row to row, and are activated in
    // place: r and z hold all of their sums, n only what comes from the input. `memory` [rows][hidden] holds what the
    // reset gate multiplies; without a previous state it becomes the bias. States are `output_stride` apart.
    void (*gru_step)(size_t rows, size_t hidden, void *gates, const void *bias, void *memory,
                     const void *_Nullable previous, void *output, size_t output_stride);
    // Turns activated gates and memory into their gradients in place. `d_recurrent` [rows][hidden] holds the gradient
    // of the state from the later step, and afterwards the part for the earlier step that does not come from a product.
    void (*gru_step_gradient)(size_t rows, size_t hidden, void *gates, void *memory, const void *_Nullable previous,
                              size_t previous_stride, const void *d_output, size_t d_output_stride, void *d_recurrent);

    // Sets masked scores to -infinity: keys after the query if `causal`, and those whose mask is false. Returns whether
    // every row has an unmasked score.
    bool (*mask_scores)(size_t rows, size_t columns, bool causal, const bool *_Nullable mask, void *scores);

    // Connectionist temporal classification of one sequence of logits. Returns the loss (infinite if no path fits);
    // writes the gradient with respect to the logits (zero if no path fits), if wanted.
    size_t (*ctc_workspace)(size_t time, size_t classes, size_t labels);
    double (*ctc)(size_t time, size_t classes, const void *logits, const int32_t *labels, size_t label_count,
                  int32_t blank, void *workspace, void *_Nullable gradient);

    // Optimizer updates, in place; the gradient is g * scale.
    void (*sgd)(size_t n, void *p, const void *g, void *_Nullable velocity, double rate, double momentum,
                bool nesterov, double decay, double scale);
    void (*rmsprop)(size_t n, void *p, const void *g, void *square, double rate, double rho, double epsilon,
                    double scale);
    void (*lion)(size_t n, void *p, const void *g, void *m, double rate, double beta1, double beta2, double decay,
                 double scale);
    void (*adam)(size_t n, void *p, const void *g, void *m, void *v, double rate, double beta1, double beta2,
                 double epsilon, double correction1, double correction2, double decay, double scale);

    // Numbers starting at a block of a Philox 4x32-10 stream: uniform in [0, 1), of 24 bits (float: four per block) or
    // 53 bits (double: two per block); or 0 with probability `rate` and 1 / (1 - rate) otherwise, four per block.
    void (*uniform)(uint64_t key, uint64_t stream, uint64_t block, size_t n, void *y);
    void (*dropout_mask)(uint64_t key, uint64_t stream, uint64_t block, double rate, size_t n, void *y);
    // `count` raw blocks of four words each.
    void (*random_blocks)(uint64_t key, uint64_t stream, uint64_t first, size_t count, uint32_t *words);
} ductus_kernels;

// The tables in use.
const ductus_kernels *ductus_kernels_float(void);
const ductus_kernels *ductus_kernels_double(void);

// The instruction sets that this machine supports: 0 is the portable one, the last the fastest. Selection is for tests,
// in processes of their own: a packed matrix is read by the set that packed it only.
size_t ductus_instruction_sets(void);
void ductus_select_instruction_set(size_t index);

// The tables of one instruction set, regardless of which is in use.
const ductus_kernels *ductus_kernels_float_of(size_t index);
const ductus_kernels *ductus_kernels_double_of(size_t index);

// One Philox 4x32-10 block (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011).
void ductus_philox(uint64_t key, uint64_t counter_low, uint64_t counter_high, uint32_t out[_Nonnull 4]);

// A position in a Philox stream; blocks are below 2^56.
typedef struct { uint64_t key, stream, block; } ductus_random;

// Random numbers that are bit-identical on every processor, of `size` bytes each: 4 for float, 8 for double.
// Two numbers per block; normal numbers come in pairs (Box and Muller 1958).
void ductus_random_normal(ductus_random from, double mean, double deviation, size_t n, size_t size, void *y);
void ductus_random_exponential(ductus_random from, double rate, size_t n, size_t size, void *y);
void ductus_random_bernoulli(ductus_random from, double probability, size_t n, bool *y);
// Each number has its own probability.
void ductus_random_bernoulli_of(ductus_random from, const void *probabilities, size_t n, size_t size, bool *y);
// One number per block: normal numbers within `bound` standard deviations of the mean.
void ductus_random_truncated_normal(ductus_random from, double mean, double deviation, double bound, size_t n,
                                    size_t size, void *y);
// Four numbers per block: `low` and the `count` - 1 <= 2^32 - 1 integers after it, of `size` 1 (unsigned) or 4
// (signed).
void ductus_random_integers(ductus_random from, int64_t low, uint64_t count, size_t n, size_t size, void *y);
// The integers 0 ..< n in random order.
void ductus_random_permutation(ductus_random from, size_t n, int32_t *y);
// The running sums of weights, or of e^logit relative to the largest. Returns whether they are valid weights: none
// negative, NaN or infinite, and at least one above 0.
bool ductus_cumulative_weights(const void *x, bool are_logits, size_t n, size_t size, double *sums);
// Two numbers per block: numbers from `first` on of a series that cycles through the rows of cumulative weights.
void ductus_random_categories(ductus_random from, const double *sums, size_t rows, size_t classes, size_t first,
                              size_t n, int32_t *y);

// The functions used by the distributions: log x for normal x > 0, e^x for x <= 0, and sine and cosine of 2 pi t for
// 0 <= t < 1.
double ductus_log(double x);
double ductus_exp_of_negative(double x);
void ductus_sine_cosine_of_turn(double t, double *sine, double *cosine);

// Copies rows of `bytes` bytes, given the distances between rows in bytes. `streams` selects non-temporal stores.
void ductus_copy_rows(size_t rows, size_t bytes, const void *x, size_t x_step, void *y, size_t y_step, bool streams);

// Copies a strided array of `size`-byte elements into a dense one.
void ductus_copy_strided(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *strides, const void *x,
                         void *y, bool streams);

// Sorts `n` elements by their bits, digit by digit from the least significant (radix sort: Knuth, The Art of Computer
// Programming 3, 5.2.5). NaN comes last in either direction. The sort is stable.
size_t ductus_sort_workspace(ductus_element element, size_t n);   // in bytes
void ductus_sort(ductus_element element, bool descending, size_t n, const void *x, void *y, void *workspace);
void ductus_argsort(ductus_element element, bool descending, size_t n, const void *x, int32_t *order, void *workspace);

// The thread pool: calls body(context, i) for i in 0..<count, from several threads, and returns when all are done.
// A nested or concurrent call runs on the calling thread.
void ductus_parallel(size_t count, void *_Nullable context, void (*body)(void *_Nullable context, size_t index));
size_t ductus_thread_count(void);
void ductus_set_thread_count(size_t count);

// Calls body(context) on a thread outside the pool, on which parallel calls run serially. With a thread count of 1, or
// if no thread can be created, calls body on this thread. Returns a handle to wait for, or NULL if there is none.
typedef struct ductus_thread ductus_thread;
ductus_thread *_Nullable ductus_thread_start(void *_Nullable context, void (*body)(void *_Nullable context));
void ductus_thread_join(ductus_thread *_Nullable thread);

// The same into a strided array, no two elements of which share memory.
void ductus_assign_strided(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *x_strides, const void *x,
                           const ptrdiff_t *y_strides, void *y);

// Converts elements, truncating toward zero. Returns the position of the first that does not fit, or n if all do.
size_t ductus_convert(ductus_element source, ductus_element target, size_t n, const void *x, void *y);

// The nearest numbers of 16 bits, with the exponent of a float and 7 bits of its fraction (bfloat16); and those as floats.
void ductus_bfloat16_round(size_t n, const float *x, uint16_t *y);
void ductus_bfloat16_widen(size_t n, const uint16_t *x, float *y);

// y[i] = x[index[i]], rows of `bytes` bytes.
void ductus_gather_rows(size_t count, size_t bytes, const void *x, const int32_t *index, void *y);

// y[index[i]] = x[i], the first `bytes` of rows that are `step` bytes apart. The last of equal indices wins.
void ductus_scatter_rows(size_t count, size_t bytes, size_t step, const void *x, const int32_t *index, void *y);

// y[index[i]] += x[i], the first `columns` elements of rows that are `step` elements apart, in the order of i. Returns
// whether no sum overflowed.
bool ductus_scatter_add(ductus_element type, size_t count, size_t columns, size_t step, const void *x,
                        const int32_t *index, void *y);

// The number of true elements, and their positions plus `first`.
size_t ductus_count_true(size_t n, const bool *mask);
void ductus_positions_true(size_t n, const bool *mask, int32_t first, int32_t *y);

#pragma clang assume_nonnull end
#endif
