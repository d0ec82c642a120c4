#include "ductus_images.h"
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
        return png_session_out_of_memory(&reader->session);
    }
    png_set_read_fn(reader->png, &reader->source, read_from_memory);
    return DUCTUS_IMAGE_OK;
}

static int close_reader(png_reader *reader, int status) {
    free(reader->scratch);
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    return status;
}

static void describe(png_reader *reader, ductus_image_header *header) {
    header->width = png_get_image_width(reader->png, reader->info);
    header->height = png_get_image_height(reader->png, reader->info);
    header->channels = png_get_color_type(reader->png, reader->info) & PNG_COLOR_MASK_COLOR ? 3 : 1;
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

// Composites `width` pixels of gray + alpha or RGB + alpha on white.
static void composite_row(const uint8_t *source, uint8_t *destination, size_t width, size_t channels) {
    for (size_t x = 0; x < width; ++x) {
        unsigned alpha = source[channels];
        for (size_t channel = 0; channel < channels; ++channel) {
            unsigned blended = source[channel] * alpha + 255 * (255 - alpha);
            destination[channel] = (uint8_t)((blended + 127) / 255);
        }
        source += channels + 1;
        destination += channels;
    }
}

static void read_rows(png_reader *reader, const ductus_image_header *header, uint8_t *pixels, int passes) {
    size_t stride = (size_t)header->width * header->channels;
    for (int pass = 0; pass < passes; ++pass) {
        for (size_t y = 0; y < header->height; ++y) { png_read_row(reader->png, pixels + y * stride, NULL); }
    }
}

static void read_transparent_rows(png_reader *reader, const ductus_image_header *header, uint8_t *pixels, int passes) {
    size_t stride = (size_t)header->width * header->channels;
    size_t scratch_stride = (size_t)header->width * (header->channels + 1);
    // The passes of an interlaced image build on one another, so they need all rows at once.
    size_t scratch_rows = passes > 1 ? header->height : 1;
    reader->scratch = calloc(scratch_rows, scratch_stride);
    if (reader->scratch == NULL) {
        reader->session.status = png_session_out_of_memory(&reader->session);
        longjmp(reader->session.escape, 1);
    }
    for (int pass = 0; pass < passes; ++pass) {
        for (size_t y = 0; y < header->height; ++y) {
            uint8_t *row = reader->scratch + (passes > 1 ? y * scratch_stride : 0);
            png_read_row(reader->png, row, NULL);
            if (pass == passes - 1) { composite_row(row, pixels + y * stride, header->width, header->channels); }
        }
    }
}

int ductus_png_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint8_t *pixels, char *message) {
    png_reader reader;
    int status = open_reader(&reader, bytes, count, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    if (setjmp(reader.session.escape)) { return close_reader(&reader, reader.session.status); }

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
    if (has_alpha) {
        read_transparent_rows(&reader, header, pixels, passes);
    } else {
        read_rows(&reader, header, pixels, passes);
    }
    // Verifies the checksum of the last row's chunk and that the end marker is there.
    png_read_end(reader.png, NULL);
    return close_reader(&reader, DUCTUS_IMAGE_OK);
}
