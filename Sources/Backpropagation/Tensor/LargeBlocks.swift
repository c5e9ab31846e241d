import CGradientKernels

/// The large blocks of memory of the process: those of tensors and workspaces.
package enum LargeBlocks {
  /// Has them returned to the system as soon as they are freed.
  ///
  /// The C library would keep those below 32 MB for later ones, which among blocks of many sizes leaves holes: those of a
  /// check of 10⁶ parameters took 25 of 190 MB. It holds for the process, so it is for programs to say, not for libraries.
  package static func returnWhenFreed() { gk_return_large_blocks() }
}
