// Sorts keys together with their permutation, if given. The spare arrays have the same length.
static void NAME(sort)(size_t n, KEY *keys, KEY *spare, int32_t *_Nullable order, int32_t *_Nullable spare_order) {
    if (n <= 48) {
        for (size_t i = 1; i < n; i++) {
            const KEY key = keys[i];
            const int32_t position = order ? order[i] : 0;
            size_t at = i;
            for (; at > 0 && keys[at - 1] > key; at--) {
                keys[at] = keys[at - 1];
                if (order) order[at] = order[at - 1];
            }
            keys[at] = key;
            if (order) order[at] = position;
        }
        return;
    }
    size_t counts[sizeof(KEY)][256] = {{0}};
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < sizeof(KEY); d++) counts[d][keys[i] >> 8 * d & 255]++;
    KEY *from = keys, *to = spare;
    int32_t *from_order = order, *to_order = spare_order;
    for (size_t d = 0; d < sizeof(KEY); d++) {
        if (counts[d][keys[0] >> 8 * d & 255] == n) continue;   // all share this digit
        size_t next[256], sum = 0;
        for (size_t digit = 0; digit < 256; digit++) {
            next[digit] = sum;
            sum += counts[d][digit];
        }
        for (size_t i = 0; i < n; i++) {
            const size_t at = next[from[i] >> 8 * d & 255]++;
            to[at] = from[i];
            if (order) to_order[at] = from_order[i];
        }
        KEY *const keys_written = to;
        int32_t *const order_written = to_order;
        to = from, to_order = from_order;
        from = keys_written, from_order = order_written;
    }
    if (from == keys) return;
    memcpy(keys, from, n * sizeof(KEY));
    if (order) memcpy(order, from_order, n * sizeof(int32_t));
}
