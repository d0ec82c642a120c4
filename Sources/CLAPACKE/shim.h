#include <lapacke.h>

// Steps of LAPACK's divide and conquer for symmetric tridiagonal matrices, which LAPACKE does not declare.
#define DUCTUS_DIVIDE_AND_CONQUER(TYPE, DEFLATE, SECULAR_ROOT)                                                         \
    void DEFLATE(lapack_int *k, const lapack_int *n, const lapack_int *n1, TYPE *d, TYPE *q, const lapack_int *ldq,    \
                 lapack_int *indxq, TYPE *rho, TYPE *z, TYPE *dlamda, TYPE *w, TYPE *q2, lapack_int *indx,             \
                 lapack_int *indxc, lapack_int *indxp, lapack_int *coltyp, lapack_int *info);                          \
    void SECULAR_ROOT(const lapack_int *n, const lapack_int *i, const TYPE *d, const TYPE *z, TYPE *delta,             \
                      const TYPE *rho, TYPE *root, lapack_int *info);

DUCTUS_DIVIDE_AND_CONQUER(float, slaed2_, slaed4_)
DUCTUS_DIVIDE_AND_CONQUER(double, dlaed2_, dlaed4_)
