// A TIFF in memory, opened with libtiff.
#pragma once

#include "image_rows.h"

#include <tiffio.h>

typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t position;
    TIFF *tiff;
    char *message;
} tiff_source;

// Returns a status. The source must be closed if it is DUCTUS_IMAGE_OK.
int tiff_source_open(tiff_source *source, const uint8_t *bytes, size_t count, char *message);
int tiff_source_close(tiff_source *source, int status);

// Goes to a page, counted from 0.
int tiff_source_go_to(tiff_source *source, uint32_t page);

// Returns the status. The message is libtiff's, or `text` if there is none.
int tiff_source_failure(tiff_source *source, int status, const char *text);
