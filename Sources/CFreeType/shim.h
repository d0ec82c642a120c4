#pragma once
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_STROKER_H

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

// The outlines below are in 64ths of a pixel, upward; FT_Outline_Done frees them. Here rather than in Swift, because
// versions of FreeType differ in the types of an outline's fields.

// The outline of a polygon.
static inline FT_Error ductus_outline_polygon(
    FT_Library library, const FT_Vector *points, FT_UInt count, FT_Outline *outline) {
    FT_Error error = FT_Outline_New(library, count, 1, outline);
    if (error) return error;
    for (FT_UInt i = 0; i < count; i++) {
        outline->points[i] = points[i];
        outline->tags[i] = FT_CURVE_TAG_ON;
    }
    outline->contours[0] = count - 1;
    return 0;
}

// The outline of a stroke along straight lines, round at joins and at its ends.
static inline FT_Error ductus_outline_stroke(
    FT_Library library, const FT_Vector *points, FT_UInt count, int is_closed, FT_Fixed radius, FT_Outline *outline) {
    FT_Stroker stroker;
    FT_Error error = FT_Stroker_New(library, &stroker);
    if (error) return error;
    FT_Stroker_Set(stroker, radius, FT_STROKER_LINECAP_ROUND, FT_STROKER_LINEJOIN_ROUND, 0);
    FT_Vector point = points[0];
    error = FT_Stroker_BeginSubPath(stroker, &point, !is_closed);
    for (FT_UInt i = 1; !error && i < count; i++) {
        point = points[i];
        error = FT_Stroker_LineTo(stroker, &point);
    }
    if (!error) error = FT_Stroker_EndSubPath(stroker);
    FT_UInt point_count = 0, contour_count = 0;
    if (!error) error = FT_Stroker_GetCounts(stroker, &point_count, &contour_count);
    if (!error) error = FT_Outline_New(library, point_count, contour_count, outline);
    if (!error) {
        // Exporting adds to what an outline has.
        outline->n_points = 0;
        outline->n_contours = 0;
        FT_Stroker_Export(stroker, outline);
    }
    FT_Stroker_Done(stroker);
    return error;
}
