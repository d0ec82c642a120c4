#include "image_rows.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// A valid progressive file has some ten scans; thousands in a few bytes are an attack on the clock.
#define MAXIMUM_SCANS 500

// A block of 64 pixels takes at least one bit, unless it is coded arithmetically.
#define PIXELS_PER_BYTE 512.0

typedef struct {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    int status;
    char *message;
    int is_decoding;
    int is_truncated;        // before the end of the last row or scan
    uint32_t reduction;
    uint32_t valid_rows;     // of the decoded image
    uint8_t *scratch;
} jpeg_reader;

_Noreturn static void leave(jpeg_reader *reader, int status, const char *message) {
    reader->status = status;
    snprintf(reader->message, DUCTUS_IMAGE_MESSAGE_SIZE, "%s", message);
    longjmp(reader->escape, 1);
}

static void report_error(j_common_ptr jpeg) {
    char text[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, text);
    int status = DUCTUS_IMAGE_CORRUPT;
    switch (jpeg->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
        status = DUCTUS_IMAGE_OUT_OF_MEMORY;
        break;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
        status = DUCTUS_IMAGE_UNSUPPORTED;
        snprintf(text, sizeof text, "a lossless JPEG, or one of 12 bits,");
        break;
    default:
        break;
    }
    leave(jpeg->client_data, status, text);
}

// The rows before the end of the data are valid. In a later scan, which only refines the image, all rows are.
static void note_truncation(jpeg_reader *reader) {
    const struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (!reader->is_decoding || jpeg->arith_code) { leave(reader, DUCTUS_IMAGE_CORRUPT, "the file ends too early"); }
    reader->is_truncated = 1;
    if (jpeg->input_scan_number > 1) { return; }
    uint32_t rows = jpeg->input_iMCU_row * (uint32_t)(jpeg->max_v_samp_factor * DCTSIZE) / reader->reduction;
    if (rows < reader->valid_rows) { reader->valid_rows = rows; }
}

// libjpeg only warns where pixels are missing or wrong, and paints them gray; other warnings are harmless.
static void report_warning(j_common_ptr jpeg, int level) {
    if (level >= 0) { return; }
    jpeg_reader *reader = jpeg->client_data;
    switch (jpeg->err->msg_code) {
    case JWRN_JPEG_EOF:
        // The decoder reads ahead, so all rows may be there.
        if (!reader->is_decoding || reader->jpeg.arith_code) { note_truncation(reader); }
        break;
    case JWRN_HIT_MARKER:
        note_truncation(reader);
        break;
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_NOT_SEQUENTIAL:
        // After the end of the data the decoder reads zeros.
        if (!reader->is_truncated) { report_error(jpeg); }
        break;
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
        reader->jpeg.out_color_space = JCS_CMYK;
        header->channels = 3;
        break;
    default:
        leave(reader, DUCTUS_IMAGE_UNSUPPORTED, "a JPEG in an unknown color space");
    }
    header->width = reader->jpeg.image_width;
    header->height = reader->jpeg.image_height;
    header->orientation = 0;
    header->is_row_wise = !jpeg_has_multiple_scans(&reader->jpeg);
    double pixels = (double)header->width * header->height;
    if (!reader->jpeg.arith_code && pixels > PIXELS_PER_BYTE * (double)count) {
        leave(reader, DUCTUS_IMAGE_CORRUPT, "the file ends too early");
    }
}

static int close_reader(jpeg_reader *reader, int status) {
    free(reader->scratch);
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

// R = (1 − C) (1 − K), and so on. Adobe stores 1 − C instead of C.
static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width, int is_inverted) {
    unsigned mask = is_inverted ? 0 : 255;
    for (size_t x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
        for (int channel = 0; channel < 3; ++channel) {
            rgb[channel] = (uint8_t)(((cmyk[channel] ^ mask) * (cmyk[3] ^ mask) + 127) / 255);
        }
    }
}

static void read_rows(jpeg_reader *reader, uint8_t *pixels, size_t stride) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    reader->scratch = calloc(jpeg->output_width, (size_t)jpeg->output_components);
    if (reader->scratch == NULL) {
        leave(reader, DUCTUS_IMAGE_OUT_OF_MEMORY, "there is not enough memory for its pixels");
    }
    while (jpeg->output_scanline < reader->valid_rows) {
        uint8_t *row = pixels + jpeg->output_scanline * stride;
        JSAMPROW scratch = reader->scratch;
        jpeg_read_scanlines(jpeg, &scratch, 1);
        // The data may have ended in this row.
        if (jpeg->output_scanline > reader->valid_rows) { break; }
        if (jpeg->out_color_space == JCS_CMYK) {
            convert_cmyk(scratch, row, jpeg->output_width, jpeg->saw_Adobe_marker);
        } else {
            memcpy(row, scratch, stride);
        }
    }
}

int ductus_jpeg_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels,
    char *message) {
    jpeg_reader reader;
    prepare_reader(&reader, message);
    if (setjmp(reader.escape)) { return close_reader(&reader, reader.status); }
    ductus_image_header found;
    read_header(&reader, bytes, count, &found);
    struct jpeg_decompress_struct *jpeg = &reader.jpeg;
    jpeg->scale_num = 1;
    jpeg->scale_denom = reduction;
    jpeg_calc_output_dimensions(jpeg);
    if (found.width != header->width || found.height != header->height || found.channels != header->channels
        || jpeg->output_width != image_reduced(header->width, reduction)
        || jpeg->output_height != image_reduced(header->height, reduction)) {
        leave(&reader, DUCTUS_IMAGE_CORRUPT, "its header contradicts itself");
    }
    reader.valid_rows = jpeg->output_height;
    reader.reduction = reduction;
    reader.is_decoding = 1;
    jpeg_start_decompress(jpeg);
    read_rows(&reader, pixels, (size_t)jpeg->output_width * header->channels);
    if (reader.valid_rows == 0) { leave(&reader, DUCTUS_IMAGE_CORRUPT, "the file ends too early"); }
    if (reader.valid_rows < jpeg->output_height) {
        double missing = jpeg->output_height - reader.valid_rows;
        snprintf(
            message, DUCTUS_IMAGE_MESSAGE_SIZE, "the file ends too early, the lower %.0f %% of the image are missing",
            100 * missing / jpeg->output_height);
    } else if (reader.is_truncated) {
        image_failure(message, DUCTUS_IMAGE_OK, "the file ends too early, the image is not as sharp as it was");
    }
    return close_reader(&reader, DUCTUS_IMAGE_OK);
}
