#include "tiff_source.h"

#include <stdio.h>
#include <string.h>

// No scan has more pages, but a damaged file may.
#define MAXIMUM_PAGES 10000
#define MAXIMUM_ALLOCATION ((tmsize_t)1 << 30)

static tmsize_t read_bytes(thandle_t handle, void *destination, tmsize_t count) {
    tiff_source *source = (tiff_source *)handle;
    if (count < 0 || source->position > source->count) { return -1; }
    size_t left = source->count - source->position;
    size_t taken = (size_t)count < left ? (size_t)count : left;
    memcpy(destination, source->bytes + source->position, taken);
    source->position += taken;
    return (tmsize_t)taken;
}

static tmsize_t write_nothing(thandle_t handle, void *bytes, tmsize_t count) {
    (void)handle, (void)bytes, (void)count;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
    tiff_source *source = (tiff_source *)handle;
    toff_t start = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? source->position : source->count;
    source->position = (size_t)(start + offset);
    return source->position;
}

static int keep_open(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size(thandle_t handle) { return ((tiff_source *)handle)->count; }

static int map(thandle_t handle, void **base, toff_t *count) {
    tiff_source *source = (tiff_source *)handle;
    *base = (void *)source->bytes;
    *count = source->count;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t count) { (void)handle, (void)base, (void)count; }

// Since version 4.5 of libtiff each file has its own error handlers. Earlier ones are global, so messages are lost.
#if TIFFLIB_VERSION >= 20221213

// Keeps the first error, which causes the others.
static int remember(TIFF *tiff, void *message, const char *module, const char *format, va_list arguments) {
    (void)tiff, (void)module;
    char *text = message;
    if (text[0] == '\0') { vsnprintf(text, DUCTUS_IMAGE_MESSAGE_SIZE, format, arguments); }
    return 1;
}

// The only warning that matters: data of the directory, such as its palette, are outside the file.
static int remember_truncation(TIFF *tiff, void *message, const char *module, const char *format, va_list arguments) {
    const char start[] = "IO error";
    return strncmp(format, start, strlen(start)) == 0 ? remember(tiff, message, module, format, arguments) : 1;
}

static TIFF *open_tiff(tiff_source *source) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) { return NULL; }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, MAXIMUM_ALLOCATION);
    TIFFOpenOptionsSetErrorHandlerExtR(options, remember, source->message);
    TIFFOpenOptionsSetWarningHandlerExtR(options, remember_truncation, source->message);
    TIFF *tiff = TIFFClientOpenExt(
        "TIFF", "r", (thandle_t)source, read_bytes, write_nothing, seek, keep_open, size, map, unmap, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

#else

static TIFF *open_tiff(tiff_source *source) {
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    return TIFFClientOpen(
        "TIFF", "r", (thandle_t)source, read_bytes, write_nothing, seek, keep_open, size, map, unmap);
}

#endif

int tiff_source_failure(tiff_source *source, int status, const char *text) {
    if (source->message[0] == '\0') { return image_failure(source->message, status, text); }
    return status;
}

int tiff_source_open(tiff_source *source, const uint8_t *bytes, size_t count, char *message) {
    message[0] = '\0';
    *source = (tiff_source){.bytes = bytes, .count = count, .message = message};
    source->tiff = open_tiff(source);
    if (source->tiff == NULL) { return tiff_source_failure(source, DUCTUS_IMAGE_CORRUPT, "it has no directory"); }
    return DUCTUS_IMAGE_OK;
}

int tiff_source_close(tiff_source *source, int status) {
    TIFFClose(source->tiff);
    return status;
}

static int is_page(TIFF *tiff) {
    uint32_t kind = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
    return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0;
}

int tiff_source_go_to(tiff_source *source, uint32_t page) {
    uint32_t left = page;
    while (left > 0 || !is_page(source->tiff)) {
        left -= (uint32_t)is_page(source->tiff);
        source->message[0] = '\0';
        if (!TIFFReadDirectory(source->tiff)) {
            return tiff_source_failure(source, DUCTUS_IMAGE_CORRUPT, "the directory of the page cannot be read");
        }
    }
    return DUCTUS_IMAGE_OK;
}

int ductus_tiff_count_pages(const uint8_t *bytes, size_t count, uint32_t *pages, char *message) {
    tiff_source source;
    int status = tiff_source_open(&source, bytes, count, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    *pages = (uint32_t)is_page(source.tiff);
    while (!TIFFLastDirectory(source.tiff) && *pages < MAXIMUM_PAGES) {
        int is_read = TIFFReadDirectory(source.tiff);
        *pages += is_read ? (uint32_t)is_page(source.tiff) : 1;
        if (!is_read) { break; }
    }
    message[0] = '\0';
    if (*pages == 0) {
        status = image_failure(
            message, DUCTUS_IMAGE_UNSUPPORTED, "a TIFF that has only a preview, such as the raw file of a camera,");
    }
    if (*pages >= MAXIMUM_PAGES) {
        status = image_failure(message, DUCTUS_IMAGE_UNSUPPORTED, "a TIFF of 10,000 pages or more");
    }
    return tiff_source_close(&source, status);
}
