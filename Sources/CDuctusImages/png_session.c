#include "png_session.h"

#include <stdio.h>
#include <string.h>

void png_session_begin(png_session *session, char *message) {
    session->status = DUCTUS_IMAGE_OK;
    session->message = message;
    message[0] = '\0';
}

void png_session_ignore_warning(png_structp png, png_const_charp text) {
    // Warnings concern chunks that do not change the pixels, such as color profiles.
    (void)png;
    (void)text;
}

void png_session_error(png_structp png, png_const_charp text) {
    png_session *session = png_get_error_ptr(png);
    session->status = strstr(text, "memory") != NULL ? DUCTUS_IMAGE_OUT_OF_MEMORY : DUCTUS_IMAGE_CORRUPT;
    snprintf(session->message, DUCTUS_IMAGE_MESSAGE_SIZE, "%s", text);
    longjmp(session->escape, 1);
}
