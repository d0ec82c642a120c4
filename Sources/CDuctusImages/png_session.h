// How reading and writing leave libpng when it reports an error.
#pragma once

#include "ductus_images.h"

#include <png.h>
#include <setjmp.h>

typedef struct {
    jmp_buf escape;
    int status;
    char *message;
} png_session;

void png_session_begin(png_session *session, char *message);
void png_session_ignore_warning(png_structp png, png_const_charp text);
PNG_NORETURN void png_session_error(png_structp png, png_const_charp text);
