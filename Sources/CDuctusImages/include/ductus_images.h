// PNG, JPEG, TIFF and WebP through their libraries, with every longjmp kept on this side of the border.
//
// Each function returns a status and leaves a zero-terminated text in `message`: the reason of a failure, a warning about
// a decoded image, or nothing. Pixels are 8-bit, row-major [height, width, channels]; channels is 1 (gray) or
// 3 (RGB).
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DUCTUS_IMAGE_MESSAGE_SIZE 256

enum {
    DUCTUS_IMAGE_OK = 0,
    DUCTUS_IMAGE_CORRUPT = 1,        // truncated or damaged
    DUCTUS_IMAGE_UNSUPPORTED = 2,    // valid, but of a kind these functions do not decode
    DUCTUS_IMAGE_OUT_OF_MEMORY = 3,
};

typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;
    uint32_t orientation;    // of a TIFF, 1 to 8; 0 for other formats
    uint32_t is_row_wise;    // whether the decoder can reduce the image without memory for all of its pixels
} ductus_image_header;

// Reads the dimensions, and decides how many channels the decoded pixels have, without decoding.
int ductus_png_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message);
int ductus_jpeg_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message);
int ductus_webp_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message);

// Decodes an image with the header that was read before. A pixel of the result is the mean of `reduction` × `reduction`
// pixels (reduction is 1, 2, 4 or 8; fewer pixels at the right and lower edges), so that `pixels` has room for
// ceil(width / reduction) × ceil(height / reduction) of them. Transparency is composited on white. A truncated file is
// DUCTUS_IMAGE_CORRUPT, except a JPEG with some rows: they are decoded, and the pixels of the others are left alone.
int ductus_png_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels,
    char *message);
int ductus_jpeg_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels,
    char *message);
int ductus_webp_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels,
    char *message);

// The same for the pages of a TIFF, counted from 0. Previews and masks are not pages. A directory that cannot be read
// counts as a page.
int ductus_tiff_count_pages(const uint8_t *bytes, size_t count, uint32_t *pages, char *message);
int ductus_tiff_read_header(
    const uint8_t *bytes, size_t count, uint32_t page, ductus_image_header *header, char *message);
int ductus_tiff_decode(
    const uint8_t *bytes, size_t count, uint32_t page, const ductus_image_header *header, uint32_t reduction,
    uint8_t *pixels, char *message);

// Encodes 8-bit gray or RGB pixels. The caller releases *encoded with free().
int ductus_png_encode(
    const ductus_image_header *header, const uint8_t *pixels, uint8_t **encoded, size_t *encoded_count,
    char *message);

#ifdef __cplusplus
}
#endif
