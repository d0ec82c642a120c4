#include "image_rows.h"
#include "png_session.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    png_structp png;
    png_infop info;
    png_session session;
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} png_writer;

static void append_to_memory(png_structp png, png_bytep source, size_t count) {
    png_writer *writer = png_get_io_ptr(png);
    if (count > writer->capacity - writer->count) {
        size_t capacity = 2 * writer->capacity + count + 4096;
        uint8_t *grown = realloc(writer->bytes, capacity);
        if (grown == NULL) { png_error(png, "out of memory"); }
        writer->bytes = grown;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, source, count);
    writer->count += count;
}

static void flush_memory(png_structp png) { (void)png; }

int ductus_png_encode(
    const ductus_image_header *header, const uint8_t *pixels, uint8_t **encoded, size_t *encoded_count,
    char *message) {
    png_writer writer;
    memset(&writer, 0, sizeof writer);
    png_session_begin(&writer.session, message);
    writer.png = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, &writer.session, png_session_error, png_session_ignore_warning);
    if (writer.png != NULL) { writer.info = png_create_info_struct(writer.png); }
    if (writer.info == NULL) {
        png_destroy_write_struct(&writer.png, NULL);
        return image_out_of_memory(message);
    }
    if (setjmp(writer.session.escape)) {
        png_destroy_write_struct(&writer.png, &writer.info);
        free(writer.bytes);
        return writer.session.status;
    }
    png_set_write_fn(writer.png, &writer, append_to_memory, flush_memory);
    png_set_IHDR(
        writer.png, writer.info, header->width, header->height, 8,
        header->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer.png, writer.info);
    size_t stride = (size_t)header->width * header->channels;
    for (size_t y = 0; y < header->height; ++y) { png_write_row(writer.png, pixels + y * stride); }
    png_write_end(writer.png, NULL);
    png_destroy_write_struct(&writer.png, &writer.info);
    *encoded = writer.bytes;
    *encoded_count = writer.count;
    return DUCTUS_IMAGE_OK;
}
