import CGradientKernels
import Foundation
import Testing

/// Which of OpenBLAS's kernels are taken.
struct ProductBackendTests {
  @Test func onlyAMDsAVX512AsksForOthersThanOpenBLASTakes() {
    func core(amd: Bool, avx512: Bool) -> String? {
      gk_better_core(gk_cpu(is_amd: amd, has_avx512: avx512)).map { String(cString: $0) }
    }
    #expect(core(amd: true, avx512: true) == "SkylakeX")
    #expect(core(amd: true, avx512: false) == nil)
    #expect(core(amd: false, avx512: true) == nil)
    #expect(core(amd: false, avx512: false) == nil)
  }

  @Test func coresWithAVX512MultiplyInPlace() {
    #expect(gk_core_multiplies_in_place("SkylakeX"))
    #expect(!gk_core_multiplies_in_place("Haswell"))
  }

  /// In processes of their own, since OpenBLAS reads the environment once.
  @Test func theCoreAskedForIsTheOneThatRuns() async {
    await #expect(processExitsWith: .success) {
      unsetenv("OPENBLAS_CORETYPE")
      let backend = String(cString: gk_product_backend())
      guard backend.hasPrefix("OpenBLAS"), let core = gk_better_core(gk_this_cpu()) else { return }
      precondition(backend.hasSuffix(String(cString: core)), backend)
    }
  }

  @Test func whatTheUserAsksForComesFirst() async {
    await #expect(processExitsWith: .success) {
      let cpu = gk_this_cpu()
      guard cpu.has_avx512 else { return }
      setenv("OPENBLAS_CORETYPE", "Haswell", 1)
      setenv("OPENBLAS_NUM_THREADS", "3", 1)
      let backend = String(cString: gk_product_backend())
      precondition(!backend.hasPrefix("OpenBLAS") || backend.hasSuffix("Haswell"), backend)
      precondition(getenv("OPENBLAS_CORETYPE").map { String(cString: $0) } == "Haswell")
      precondition(getenv("OPENBLAS_NUM_THREADS").map { String(cString: $0) } == "3")
    }
  }
}
