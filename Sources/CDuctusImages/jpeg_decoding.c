#include "ductus_images.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// A sound progressive file has some ten scans; thousands in a few bytes are an attack on the clock.
#define MAXIMUM_SCANS 500

typedef struct {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    int status;
    char *message;
} jpeg_reader;

_Noreturn static void leave(jpeg_reader *reader, int status, const char *message) {
    reader->status = status;
    snprintf(reader->message, DUCTUS_IMAGE_MESSAGE_SIZE, "%s", message);
    longjmp(reader->escape, 1);
}

static void report_error(j_common_ptr jpeg) {
    char text[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, text);
    leave(jpeg->client_data, jpeg->err->msg_code == JERR_OUT_OF_MEMORY ? DUCTUS_IMAGE_OUT_OF_MEMORY
        : DUCTUS_IMAGE_CORRUPT, text);
}

// libjpeg only warns where pixels are missing or wrong, and paints them gray; other warnings are harmless.
static void report_warning(j_common_ptr jpeg, int level) {
    if (level >= 0) { return; }
    switch (jpeg->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
        leave(jpeg->client_data, DUCTUS_IMAGE_CORRUPT, "the file ends too early");
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_NOT_SEQUENTIAL:
        report_error(jpeg);
    default:
        break;
    }
}

static void stay_silent(j_common_ptr jpeg) { (void)jpeg; }

static void watch_scans(j_common_ptr jpeg) {
    if (((j_decompress_ptr)jpeg)->input_scan_number > MAXIMUM_SCANS) {
        leave(jpeg->client_data, DUCTUS_IMAGE_CORRUPT, "it has too many progressive scans");
    }
}

// Prepares the part of the reader that `jpeg_create_decompress`, which may itself fail, relies on.
static void prepare_reader(jpeg_reader *reader, char *message) {
    memset(reader, 0, sizeof *reader);
    message[0] = '\0';
    reader->message = message;
    reader->jpeg.err = jpeg_std_error(&reader->errors);
    reader->errors.error_exit = report_error;
    reader->errors.emit_message = report_warning;
    reader->errors.output_message = stay_silent;
    reader->progress.progress_monitor = watch_scans;
    reader->jpeg.client_data = reader;
}

// Call only after setjmp.
static void read_header(jpeg_reader *reader, const uint8_t *bytes, size_t count, ductus_image_header *header) {
    jpeg_create_decompress(&reader->jpeg);
    reader->jpeg.progress = &reader->progress;
    jpeg_mem_src(&reader->jpeg, bytes, (unsigned long)count);
    jpeg_read_header(&reader->jpeg, TRUE);
    switch (reader->jpeg.jpeg_color_space) {
    case JCS_GRAYSCALE:
        reader->jpeg.out_color_space = JCS_GRAYSCALE;
        header->channels = 1;
        break;
    case JCS_YCbCr:
    case JCS_RGB:
        reader->jpeg.out_color_space = JCS_RGB;
        header->channels = 3;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        leave(reader, DUCTUS_IMAGE_UNSUPPORTED, "a JPEG in CMYK colors");
    default:
        leave(reader, DUCTUS_IMAGE_UNSUPPORTED, "a JPEG in an unknown color space");
    }
    header->width = reader->jpeg.image_width;
    header->height = reader->jpeg.image_height;
}

static int close_reader(jpeg_reader *reader, int status) {
    jpeg_destroy_decompress(&reader->jpeg);
    return status;
}

int ductus_jpeg_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message) {
    jpeg_reader reader;
    prepare_reader(&reader, message);
    if (setjmp(reader.escape)) { return close_reader(&reader, reader.status); }
    read_header(&reader, bytes, count, header);
    return close_reader(&reader, DUCTUS_IMAGE_OK);
}

int ductus_jpeg_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint8_t *pixels, char *message) {
    jpeg_reader reader;
    prepare_reader(&reader, message);
    if (setjmp(reader.escape)) { return close_reader(&reader, reader.status); }
    ductus_image_header found;
    read_header(&reader, bytes, count, &found);
    jpeg_start_decompress(&reader.jpeg);
    if (reader.jpeg.output_width != header->width || reader.jpeg.output_height != header->height
        || (uint32_t)reader.jpeg.output_components != header->channels) {
        leave(&reader, DUCTUS_IMAGE_CORRUPT, "its header contradicts itself");
    }
    size_t stride = (size_t)header->width * header->channels;
    while (reader.jpeg.output_scanline < reader.jpeg.output_height) {
        JSAMPROW row = pixels + reader.jpeg.output_scanline * stride;
        jpeg_read_scanlines(&reader.jpeg, &row, 1);
    }
    // Reads on to the end marker, so a file cut after the last row is noticed too.
    jpeg_finish_decompress(&reader.jpeg);
    return close_reader(&reader, DUCTUS_IMAGE_OK);
}
