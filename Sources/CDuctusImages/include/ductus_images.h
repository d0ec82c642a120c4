// PNG and JPEG through libpng and libjpeg, with every longjmp kept on this side of the border.
//
// Each function returns a status and, unless it is DUCTUS_IMAGE_OK, leaves a zero-terminated reason in `message`.
// Pixels are 8-bit, row-major [height, width, channels]; channels is 1 (gray) or 3 (RGB).
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
    DUCTUS_IMAGE_UNSUPPORTED = 2,    // sound, but of a kind these functions do not decode
    DUCTUS_IMAGE_OUT_OF_MEMORY = 3,
};

typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;
} ductus_image_header;

// Reads the dimensions, and decides how many channels the decoded pixels have, without decoding.
int ductus_png_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message);
int ductus_jpeg_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message);

// Decodes into `pixels`, which holds width * height * channels bytes as told by the header read before.
// Transparency is composited on white. A file that ends too early is DUCTUS_IMAGE_CORRUPT.
int ductus_png_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint8_t *pixels, char *message);
int ductus_jpeg_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint8_t *pixels, char *message);

// Encodes 8-bit gray or RGB pixels. The caller releases *encoded with free().
int ductus_png_encode(
    const ductus_image_header *header, const uint8_t *pixels, uint8_t **encoded, size_t *encoded_count,
    char *message);

#ifdef __cplusplus
}
#endif
