#include "gradient_kernels.h"
