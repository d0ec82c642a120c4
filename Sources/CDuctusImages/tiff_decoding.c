#include "tiff_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Strips and rows of tiles of more pixels are not decoded one by one.
#define LARGEST_PART ((uint64_t)16 << 20)

typedef struct {
    uint16_t bits;
    uint16_t samples;
    uint16_t photometric;
    uint16_t alpha;         // EXTRASAMPLE_ASSOCALPHA, EXTRASAMPLE_UNASSALPHA, or EXTRASAMPLE_UNSPECIFIED for none
    int has_plain_rows;     // whether scanlines can be decoded directly
    uint32_t part;          // rows of a strip or tile
} tiff_layout;

static int is_gray(const tiff_layout *layout) {
    return layout->photometric == PHOTOMETRIC_MINISBLACK || layout->photometric == PHOTOMETRIC_MINISWHITE;
}

static int describe(tiff_source *source, tiff_layout *layout, ductus_image_header *header) {
    TIFF *tiff = source->tiff;
    *layout = (tiff_layout){.photometric = UINT16_MAX};
    *header = (ductus_image_header){.width = 0};
    uint16_t compression = 0, planes = 0, format = 0, orientation = 0, extra = 0, *kinds = NULL;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header->width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header->height);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout->photometric);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout->bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planes);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds);
    // libtiff guesses what the samples mean if it cannot read, for example, the palette.
    if (source->message[0] != '\0' || header->width == 0 || header->height == 0) {
        return tiff_source_failure(source, DUCTUS_IMAGE_CORRUPT, "it has no pixels");
    }
    if (!TIFFIsCODECConfigured(compression)) {
        snprintf(source->message, DUCTUS_IMAGE_MESSAGE_SIZE, "a TIFF with compression %u", compression);
        return DUCTUS_IMAGE_UNSUPPORTED;
    }
    if (extra > 0 && (kinds[0] == EXTRASAMPLE_ASSOCALPHA || kinds[0] == EXTRASAMPLE_UNASSALPHA)) {
        layout->alpha = kinds[0];
    }
    uint32_t colors = is_gray(layout) ? 1 : 3;
    TIFFGetFieldDefaulted(
        tiff, TIFFIsTiled(tiff) ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, &layout->part);
    if (layout->part == 0 || layout->part > header->height) { layout->part = header->height; }
    layout->has_plain_rows = (is_gray(layout) || layout->photometric == PHOTOMETRIC_RGB) && !TIFFIsTiled(tiff)
        && (planes == PLANARCONFIG_CONTIG || layout->samples == 1) && layout->samples == colors + extra && extra < 4
        && (layout->bits == 8 || layout->bits == 16 || (layout->bits == 1 && layout->samples == 1))
        && (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID);
    header->channels = colors;
    header->orientation = orientation;
    header->is_row_wise = layout->has_plain_rows || (uint64_t)header->width * layout->part <= LARGEST_PART;
    return DUCTUS_IMAGE_OK;
}

static unsigned sample(const tiff_layout *layout, const void *line, size_t index) {
    switch (layout->bits) {
    case 1:
        return ((const uint8_t *)line)[index / 8] >> (7 - index % 8) & 1 ? 255 : 0;
    case 8:
        return ((const uint8_t *)line)[index];
    default:
        return (((const uint16_t *)line)[index] * 255u + 32767) / 65535;
    }
}

static void convert_line(const tiff_layout *layout, const void *line, uint8_t *row, size_t width, size_t channels) {
    unsigned negative = layout->photometric == PHOTOMETRIC_MINISWHITE ? 255 : 0;
    int has_alpha = layout->alpha != EXTRASAMPLE_UNSPECIFIED;
    for (size_t x = 0; x < width; ++x) {
        size_t index = x * layout->samples;
        unsigned alpha = has_alpha ? sample(layout, line, index + channels) : 255;
        for (size_t channel = 0; channel < channels; ++channel) {
            unsigned value = sample(layout, line, index + channel) ^ negative;
            *row++ = image_on_white(value, alpha, layout->alpha == EXTRASAMPLE_ASSOCALPHA);
        }
    }
}

static int decode_plain_rows(tiff_source *source, const tiff_layout *layout, image_rows *rows) {
    size_t width = rows->header->width, height = rows->header->height;
    size_t needed = (width * layout->samples * layout->bits + 7) / 8;
    tmsize_t length = TIFFScanlineSize(source->tiff);
    if (length < 0 || (size_t)length < needed) {
        return tiff_source_failure(source, DUCTUS_IMAGE_CORRUPT, "its rows are too short");
    }
    void *line = calloc(1, (size_t)length);
    if (line == NULL) { return image_out_of_memory(source->message); }
    int status = DUCTUS_IMAGE_OK;
    for (uint32_t y = 0; y < height && status == DUCTUS_IMAGE_OK; ++y) {
        if (TIFFReadScanline(source->tiff, line, y, 0) != 1) {
            status = tiff_source_failure(source, DUCTUS_IMAGE_CORRUPT, "a row cannot be read");
        } else {
            convert_line(layout, line, image_rows_next(rows), width, rows->header->channels);
            image_rows_finish(rows);
        }
    }
    free(line);
    return status;
}

// The samples of libtiff's raster are premultiplied by alpha.
static void convert_raster(const uint32_t *raster, uint8_t *row, size_t width, size_t channels, int has_alpha) {
    for (size_t x = 0; x < width; ++x) {
        unsigned alpha = has_alpha ? TIFFGetA(raster[x]) : 255;
        *row++ = image_on_white(TIFFGetR(raster[x]), alpha, 1);
        if (channels == 1) { continue; }
        *row++ = image_on_white(TIFFGetG(raster[x]), alpha, 1);
        *row++ = image_on_white(TIFFGetB(raster[x]), alpha, 1);
    }
}

static int decode_parts(tiff_source *source, const tiff_layout *layout, image_rows *rows, TIFFRGBAImage *image) {
    uint32_t width = rows->header->width, height = rows->header->height;
    uint32_t *raster = calloc((size_t)width * layout->part, sizeof *raster);
    if (raster == NULL) { return image_out_of_memory(source->message); }
    // Keep the order of the rows in the file.
    image->req_orientation = image->orientation;
    int status = DUCTUS_IMAGE_OK;
    for (uint32_t y = 0; y < height && status == DUCTUS_IMAGE_OK; y += layout->part) {
        uint32_t count = height - y < layout->part ? height - y : layout->part;
        image->row_offset = (int)y;
        if (!TIFFRGBAImageGet(image, raster, width, count)) {
            status = tiff_source_failure(source, DUCTUS_IMAGE_CORRUPT, "a part of it cannot be read");
        }
        for (uint32_t row = 0; row < count && status == DUCTUS_IMAGE_OK; ++row) {
            convert_raster(
                raster + (size_t)row * width, image_rows_next(rows), width, rows->header->channels,
                layout->alpha != EXTRASAMPLE_UNSPECIFIED);
            image_rows_finish(rows);
        }
    }
    free(raster);
    return status;
}

static int decode_converted(tiff_source *source, const tiff_layout *layout, image_rows *rows) {
    char reason[1024] = "";
    TIFFRGBAImage image;
    if (!TIFFRGBAImageOK(source->tiff, reason) || !TIFFRGBAImageBegin(&image, source->tiff, 1, reason)) {
        snprintf(source->message, DUCTUS_IMAGE_MESSAGE_SIZE, "a TIFF of this kind (%.200s)", reason);
        return DUCTUS_IMAGE_UNSUPPORTED;
    }
    int status = decode_parts(source, layout, rows, &image);
    TIFFRGBAImageEnd(&image);
    return status;
}

int ductus_tiff_read_header(
    const uint8_t *bytes, size_t count, uint32_t page, ductus_image_header *header, char *message) {
    tiff_source source;
    tiff_layout layout;
    int status = tiff_source_open(&source, bytes, count, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    status = tiff_source_go_to(&source, page);
    if (status == DUCTUS_IMAGE_OK) { status = describe(&source, &layout, header); }
    return tiff_source_close(&source, status);
}

int ductus_tiff_decode(
    const uint8_t *bytes, size_t count, uint32_t page, const ductus_image_header *header, uint32_t reduction,
    uint8_t *pixels, char *message) {
    tiff_source source;
    tiff_layout layout;
    ductus_image_header found;
    int status = tiff_source_open(&source, bytes, count, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    status = tiff_source_go_to(&source, page);
    if (status == DUCTUS_IMAGE_OK) { status = describe(&source, &layout, &found); }
    if (status == DUCTUS_IMAGE_OK
        && (found.width != header->width || found.height != header->height || found.channels != header->channels)) {
        status = image_failure(message, DUCTUS_IMAGE_CORRUPT, "its header contradicts itself");
    }
    if (status != DUCTUS_IMAGE_OK) { return tiff_source_close(&source, status); }
    image_rows rows;
    status = image_rows_open(&rows, header, reduction, pixels, message);
    if (status == DUCTUS_IMAGE_OK) {
        status = layout.has_plain_rows ? decode_plain_rows(&source, &layout, &rows)
            : decode_converted(&source, &layout, &rows);
    }
    image_rows_close(&rows);
    return tiff_source_close(&source, status);
}
