// The rows of an image on their way from a decoder into memory.
#pragma once

#include "ductus_images.h"

typedef struct {
    const ductus_image_header *header;
    uint32_t reduction;
    uint8_t *pixels;
    uint32_t count;    // rows that have arrived
    uint8_t *row;      // the one that arrives, where the image is reduced
    uint32_t *sums;    // of the rows that become one
} image_rows;

// Returns a status. `rows` may be closed in any case.
int image_rows_open(
    image_rows *rows, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels, char *message);
void image_rows_close(image_rows *rows);

// Where the next of header->height rows is to be written, and that it has been.
uint8_t *image_rows_next(image_rows *rows);
void image_rows_arrived(image_rows *rows);

// The width or height of the reduced image.
uint32_t image_reduced(uint32_t length, uint32_t reduction);

// Writes a message, and returns a status.
int image_failure(char *message, int status, const char *text);
int image_out_of_memory(char *message);

// A sample in front of white, seen through it as far as alpha says. Associated samples are multiplied by alpha already.
uint8_t image_on_white(unsigned sample, unsigned alpha, int is_associated);

// The same for `width` pixels of `channels` samples and alpha.
void image_composite(const uint8_t *source, uint8_t *destination, size_t width, size_t channels);
