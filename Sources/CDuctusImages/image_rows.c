#include "image_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int image_rows_open(
    image_rows *rows, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels, char *message) {
    *rows = (image_rows){.header = header, .reduction = reduction, .pixels = pixels};
    if (reduction == 1) { return DUCTUS_IMAGE_OK; }
    rows->row = calloc(header->width, header->channels);
    rows->sums = calloc(image_reduced(header->width, reduction), header->channels * sizeof *rows->sums);
    return rows->row != NULL && rows->sums != NULL ? DUCTUS_IMAGE_OK : image_out_of_memory(message);
}

void image_rows_close(image_rows *rows) {
    free(rows->row);
    free(rows->sums);
}

uint8_t *image_rows_next(image_rows *rows) {
    if (rows->reduction > 1) { return rows->row; }
    return rows->pixels + (size_t)rows->count * rows->header->width * rows->header->channels;
}

static void add_row(image_rows *rows) {
    uint32_t channels = rows->header->channels;
    for (uint32_t x = 0; x < rows->header->width; ++x) {
        uint32_t *sums = rows->sums + (size_t)(x / rows->reduction) * channels;
        for (uint32_t channel = 0; channel < channels; ++channel) {
            sums[channel] += rows->row[(size_t)x * channels + channel];
        }
    }
}

// Writes the means of the last `row_count` rows.
static void write_means(image_rows *rows, uint32_t row_count) {
    uint32_t channels = rows->header->channels, width = image_reduced(rows->header->width, rows->reduction);
    uint8_t *target = rows->pixels + (size_t)((rows->count - 1) / rows->reduction) * width * channels;
    for (uint32_t x = 0; x < width; ++x) {
        uint32_t left = rows->header->width - x * rows->reduction;
        uint32_t pixels = row_count * (left < rows->reduction ? left : rows->reduction);
        for (uint32_t channel = 0; channel < channels; ++channel) {
            size_t index = (size_t)x * channels + channel;
            target[index] = (uint8_t)((rows->sums[index] + pixels / 2) / pixels);
        }
    }
    memset(rows->sums, 0, (size_t)width * channels * sizeof *rows->sums);
}

void image_rows_finish(image_rows *rows) {
    rows->count += 1;
    if (rows->reduction == 1) { return; }
    add_row(rows);
    uint32_t row_count = (rows->count - 1) % rows->reduction + 1;
    if (row_count == rows->reduction || rows->count == rows->header->height) { write_means(rows, row_count); }
}

uint32_t image_reduced(uint32_t length, uint32_t reduction) {
    return length / reduction + (length % reduction != 0);
}

int image_failure(char *message, int status, const char *text) {
    snprintf(message, DUCTUS_IMAGE_MESSAGE_SIZE, "%s", text);
    return status;
}

int image_out_of_memory(char *message) {
    return image_failure(message, DUCTUS_IMAGE_OUT_OF_MEMORY, "there is not enough memory for its pixels");
}

uint8_t image_on_white(unsigned sample, unsigned alpha, int is_associated) {
    unsigned sum = is_associated ? sample + 255 - alpha : (sample * alpha + 255 * (255 - alpha) + 127) / 255;
    return (uint8_t)(sum < 255 ? sum : 255);
}

void image_composite(const uint8_t *source, uint8_t *destination, size_t width, size_t channels) {
    for (size_t x = 0; x < width; ++x) {
        for (size_t channel = 0; channel < channels; ++channel) {
            destination[channel] = image_on_white(source[channel], source[channels], 0);
        }
        source += channels + 1;
        destination += channels;
    }
}
