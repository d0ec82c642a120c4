#include "image_rows.h"
#include "png_session.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t position;
} memory_source;

// Everything that must be released, in one place that survives a longjmp.
typedef struct {
    png_structp png;
    png_infop info;
    memory_source source;
    png_session session;
    image_rows rows;
    uint8_t *scratch;
} png_reader;

static void read_from_memory(png_structp png, png_bytep destination, size_t count) {
    memory_source *source = png_get_io_ptr(png);
    if (count > source->count - source->position) { png_error(png, "the file ends too early"); }
    memcpy(destination, source->bytes + source->position, count);
    source->position += count;
}

static int open_reader(png_reader *reader, const uint8_t *bytes, size_t count, char *message) {
    memset(reader, 0, sizeof *reader);
    reader->source = (memory_source){bytes, count, 0};
    png_session_begin(&reader->session, message);
    reader->png = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, &reader->session, png_session_error, png_session_ignore_warning);
    if (reader->png != NULL) { reader->info = png_create_info_struct(reader->png); }
    if (reader->info == NULL) {
        png_destroy_read_struct(&reader->png, NULL, NULL);
        return image_out_of_memory(message);
    }
    png_set_read_fn(reader->png, &reader->source, read_from_memory);
    return DUCTUS_IMAGE_OK;
}

static int close_reader(png_reader *reader, int status) {
    free(reader->scratch);
    image_rows_close(&reader->rows);
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    return status;
}

static void describe(png_reader *reader, ductus_image_header *header) {
    header->width = png_get_image_width(reader->png, reader->info);
    header->height = png_get_image_height(reader->png, reader->info);
    header->channels = png_get_color_type(reader->png, reader->info) & PNG_COLOR_MASK_COLOR ? 3 : 1;
    header->orientation = 0;
    header->is_row_wise = png_get_interlace_type(reader->png, reader->info) == PNG_INTERLACE_NONE;
}

int ductus_png_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message) {
    png_reader reader;
    int status = open_reader(&reader, bytes, count, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    if (setjmp(reader.session.escape)) { return close_reader(&reader, reader.session.status); }
    png_read_info(reader.png, reader.info);
    describe(&reader, header);
    // Deflate shrinks at most 1032-fold: fewer bytes cannot hold the pixels, so nobody needs to make room for them.
    if ((double)png_get_rowbytes(reader.png, reader.info) * header->height > 1032.0 * (double)count) {
        png_error(reader.png, "the file ends too early");
    }
    return close_reader(&reader, DUCTUS_IMAGE_OK);
}

static void read_rows(png_reader *reader, const ductus_image_header *header, int has_alpha) {
    if (has_alpha) { reader->scratch = calloc(header->width, header->channels + 1); }
    if (has_alpha && reader->scratch == NULL) { png_error(reader->png, "there is not enough memory for its pixels"); }
    for (uint32_t y = 0; y < header->height; ++y) {
        uint8_t *row = image_rows_next(&reader->rows);
        png_read_row(reader->png, has_alpha ? reader->scratch : row, NULL);
        if (has_alpha) { image_composite(reader->scratch, row, header->width, header->channels); }
        image_rows_finish(&reader->rows);
    }
}

// The passes of an interlaced image build on one another, so they need all rows at once.
static void read_interlaced(png_reader *reader, const ductus_image_header *header, int has_alpha, uint8_t *pixels) {
    size_t stride = (size_t)header->width * (header->channels + (has_alpha != 0));
    if (has_alpha) { reader->scratch = calloc(header->height, stride); }
    uint8_t *rows = has_alpha ? reader->scratch : pixels;
    if (rows == NULL) { png_error(reader->png, "there is not enough memory for its pixels"); }
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; ++pass) {
        for (size_t y = 0; y < header->height; ++y) { png_read_row(reader->png, rows + y * stride, NULL); }
    }
    if (has_alpha) { image_composite(rows, pixels, (size_t)header->width * header->height, header->channels); }
}

int ductus_png_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels,
    char *message) {
    png_reader reader;
    int status = open_reader(&reader, bytes, count, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    if (setjmp(reader.session.escape)) { return close_reader(&reader, reader.session.status); }

    status = image_rows_open(&reader.rows, header, reduction, pixels, message);
    if (status != DUCTUS_IMAGE_OK) { return close_reader(&reader, status); }

    png_read_info(reader.png, reader.info);
    png_set_expand(reader.png);
    png_set_scale_16(reader.png);
    int passes = png_set_interlace_handling(reader.png);
    png_read_update_info(reader.png, reader.info);

    ductus_image_header found;
    describe(&reader, &found);
    size_t stored_channels = png_get_channels(reader.png, reader.info);
    int has_alpha = stored_channels == header->channels + 1;
    if (found.width != header->width || found.height != header->height || found.channels != header->channels
        || (stored_channels != header->channels && !has_alpha) || png_get_bit_depth(reader.png, reader.info) != 8) {
        png_error(reader.png, "its header contradicts itself");
    }
    if (passes == 1) {
        read_rows(&reader, header, has_alpha);
    } else if (reduction == 1) {
        read_interlaced(&reader, header, has_alpha, pixels);
    } else {
        png_error(reader.png, "an interlaced image cannot be reduced");
    }
    // Verifies the checksum of the last row's chunk and that the end marker is there.
    png_read_end(reader.png, NULL);
    return close_reader(&reader, DUCTUS_IMAGE_OK);
}
