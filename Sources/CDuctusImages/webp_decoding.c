#include "image_rows.h"

#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>

static int failure(VP8StatusCode code, char *message) {
    switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY:
        return image_out_of_memory(message);
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
        return image_failure(message, DUCTUS_IMAGE_CORRUPT, "the file ends too early");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        return image_failure(message, DUCTUS_IMAGE_UNSUPPORTED, "a WebP of this kind");
    default:
        return image_failure(message, DUCTUS_IMAGE_CORRUPT, "its data are invalid");
    }
}

static int read_features(
    const uint8_t *bytes, size_t count, WebPDecoderConfig *config, ductus_image_header *header, char *message) {
    message[0] = '\0';
    if (!WebPInitDecoderConfig(config)) {
        return image_failure(message, DUCTUS_IMAGE_UNSUPPORTED, "WebP with the installed version of libwebp");
    }
    VP8StatusCode code = WebPGetFeatures(bytes, count, &config->input);
    if (code != VP8_STATUS_OK) { return failure(code, message); }
    if (config->input.has_animation) {
        return image_failure(message, DUCTUS_IMAGE_UNSUPPORTED, "an animated WebP");
    }
    if (config->input.width <= 0 || config->input.height <= 0) {
        return image_failure(message, DUCTUS_IMAGE_CORRUPT, "it has no pixels");
    }
    *header = (ductus_image_header){
        .width = (uint32_t)config->input.width, .height = (uint32_t)config->input.height, .channels = 3,
        .is_row_wise = 1};
    return DUCTUS_IMAGE_OK;
}

int ductus_webp_read_header(const uint8_t *bytes, size_t count, ductus_image_header *header, char *message) {
    WebPDecoderConfig config;
    return read_features(bytes, count, &config, header, message);
}

int ductus_webp_decode(
    const uint8_t *bytes, size_t count, const ductus_image_header *header, uint32_t reduction, uint8_t *pixels,
    char *message) {
    WebPDecoderConfig config;
    ductus_image_header found;
    int status = read_features(bytes, count, &config, &found, message);
    if (status != DUCTUS_IMAGE_OK) { return status; }
    if (found.width != header->width || found.height != header->height) {
        return image_failure(message, DUCTUS_IMAGE_CORRUPT, "its header contradicts itself");
    }
    size_t width = image_reduced(header->width, reduction), height = image_reduced(header->height, reduction);
    size_t samples = config.input.has_alpha ? 4 : 3;
    uint8_t *scratch = config.input.has_alpha ? malloc(width * height * samples) : NULL;
    if (config.input.has_alpha && scratch == NULL) { return image_out_of_memory(message); }
    config.options.use_scaling = reduction > 1;
    config.options.scaled_width = (int)width;
    config.options.scaled_height = (int)height;
    config.output.colorspace = config.input.has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = scratch != NULL ? scratch : pixels;
    config.output.u.RGBA.stride = (int)(width * samples);
    config.output.u.RGBA.size = width * height * samples;
    VP8StatusCode code = WebPDecode(bytes, count, &config);
    if (code == VP8_STATUS_OK && scratch != NULL) { image_composite(scratch, pixels, width * height, 3); }
    free(scratch);
    WebPFreeDecBuffer(&config.output);
    return code == VP8_STATUS_OK ? DUCTUS_IMAGE_OK : failure(code, message);
}
