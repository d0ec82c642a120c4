// Writes rows from a decoder into an image, averaging several of them if the image is reduced.
#pragma once

#include "ductus_images.h"

typedef struct {
    const ductus_image_header *header;
    uint32_t reduction;
    uint8_t *pixels;
    uint32_t count;    // rows written so far
    uint8_t *row;      // a row at full width, if the image is reduced
    uint32_t *sums;    // of the rows that are averaged
} image_rows;

// Returns a status. `rows` must be closed in any case.
int image_rows_open(
    image_rows *rows, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels, char *message);
void image_rows_close(image_rows *rows);

// Where the decoder writes the next of header->height rows; `finish` once it is written.
uint8_t *image_rows_next(image_rows *rows);
void image_rows_finish(image_rows *rows);

// The width or height of the reduced image.
uint32_t image_reduced(uint32_t length, uint32_t reduction);

// Writes a message and returns the status.
int image_failure(char *message, int status, const char *text);
int image_out_of_memory(char *message);

// A sample with alpha, composited on white. Associated samples are premultiplied by alpha.
uint8_t image_on_white(unsigned sample, unsigned alpha, int is_associated);

// The same for `width` pixels of `channels` unassociated samples and alpha.
void image_composite(const uint8_t *source, uint8_t *destination, size_t width, size_t channels);
