// A TIFF in memory, opened with libtiff at one of its pages.
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

// Returns a status. The source is to be closed unless that is a failure.
int tiff_source_open(tiff_source *source, const uint8_t *bytes, size_t count, char *message);
int tiff_source_close(tiff_source *source, int status);

// Leads to a page, counted from 0.
int tiff_source_turn_to(tiff_source *source, uint32_t page);

// The status of a failure that libtiff has described, or `text` where it has not.
int tiff_source_failure(tiff_source *source, int status, const char *text);
