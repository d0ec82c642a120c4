#pragma once
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

// Swift does not see macros that cast or take arguments.

static inline int ductus_font_has_outlines(FT_Face face) { return FT_IS_SCALABLE(face); }

static inline int ductus_font_has_kerning(FT_Face face) { return FT_HAS_KERNING(face); }

// Loads a glyph in font units; not 0 where it has no sound outline.
static inline FT_Error ductus_font_load_outline(FT_Face face, FT_UInt glyph) {
    FT_Error error = FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_BITMAP);
    if (error) return error;
    return face->glyph->format == FT_GLYPH_FORMAT_OUTLINE ? 0 : FT_Err_Invalid_Outline;
}

static inline FT_Error ductus_font_kerning(FT_Face face, FT_UInt left, FT_UInt right, FT_Vector *kerning) {
    return FT_Get_Kerning(face, left, right, FT_KERNING_UNSCALED, kerning);
}
