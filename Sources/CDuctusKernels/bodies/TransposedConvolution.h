static void NAME(place_patches)(const ductus_window *w, const void *ppatches, size_t first_row, size_t end_row,
                                const void *bias, ductus_activation activation, void *pimage) {
    const size_t run = w->kernel_width * w->channels * sizeof(T), patch = w->kernel_height * run;
    const size_t row = w->in_width * w->channels * sizeof(T);
    for (size_t oy = first_row; oy < end_row; oy++)
        for (size_t ky = 0; ky < w->kernel_height; ky++) {
            const char *from = (const char *)ppatches + (oy - first_row) * w->out_width * patch + ky * run;
            char *to = (char *)pimage + (oy * w->kernel_height + ky) * row;
            ductus_copy_rows(w->out_width, run, from, patch, to, run, false);
            NAME(bias_activation)(w->in_width, w->channels, bias, activation, to);
        }
}
