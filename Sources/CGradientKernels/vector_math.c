#include "vector_math.h"

#ifdef GK_HAS_WIDE_VECTORS
#define APPLY(name, register, bytes)                                                               \
  __asm__(".text\n"                                                                                \
          ".globl " name "\n"                                                                      \
          ".hidden " name "\n"                                                                     \
          ".type " name ", @function\n"                                                            \
          ".p2align 4\n" name ":\n"                                                                \
          ".cfi_startproc\n"                                                                       \
          "pushq %rbx\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset %rbx, 0\n"                        \
          "pushq %r12\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset %r12, 0\n"                        \
          "pushq %r13\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset %r13, 0\n"                        \
          "movq %rdi, %rbx\n"                                                                      \
          "movq %rsi, %r12\n"                                                                      \
          "movq %rdx, %r13\n"                                                                      \
          "1: vmovups (%r12), %" register "0\n"                                                    \
          "callq *%rbx\n"                                                                          \
          "vmovups %" register "0, (%r12)\n"                                                       \
          "addq $" bytes ", %r12\n"                                                                \
          "decq %r13\n"                                                                            \
          "jnz 1b\n"                                                                               \
          "popq %r13\n.cfi_adjust_cfa_offset -8\n.cfi_restore %r13\n"                              \
          "popq %r12\n.cfi_adjust_cfa_offset -8\n.cfi_restore %r12\n"                              \
          "popq %rbx\n.cfi_adjust_cfa_offset -8\n.cfi_restore %rbx\n"                              \
          "vzeroupper\n"                                                                           \
          "retq\n"                                                                                 \
          ".cfi_endproc\n"                                                                         \
          ".size " name ", .-" name "\n");

APPLY("gk_apply_512", "zmm", "64")
APPLY("gk_apply_256", "ymm", "32")
#endif
