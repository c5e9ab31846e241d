import Foundation

/// A shell command that runs beside this process, in a process group of its own, so that whatever it starts ends with it.
final class ChildProcess {
  /// Where the command reads, and where what it prints arrives; none of them blocks.
  let input: Int32
  let output: Int32
  let errors: Int32
  private let id: pid_t
  private var hasInput = true

  /// How the command ended.
  enum End: Equatable { case exit(Int32), signal(Int32) }

  /// Runs `/bin/sh -c COMMAND`; nil if the system can't start another process.
  init?(_ command: String) {
    guard let pipes = Self.pipes() else { return nil }
    let (ours, theirs) = (
      [pipes[0][1], pipes[1][0], pipes[2][0]], [pipes[0][0], pipes[1][1], pipes[2][1]]
    )
    for descriptor in ours + theirs { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    for descriptor in ours {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
    defer { for descriptor in theirs { close(descriptor) } }
    guard let id = Self.spawn(["/bin/sh", "-c", command], theirs) else {
      for descriptor in ours { close(descriptor) }
      return nil
    }
    (input, output, errors, self.id) = (ours[0], ours[1], ours[2], id)
  }

  deinit {
    closeInput()
    close(output)
    close(errors)
    // The group outlives its first process while any other is left; unreaped, its number is nobody else's.
    kill(-id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
  }

  /// Tells the command that nothing more will come.
  func closeInput() {
    if hasInput { close(input) }
    hasInput = false
  }

  /// How the command ended, waiting so long for it; nil if it runs on.
  func end(within patience: Duration) -> End? {
    let clock = ContinuousClock(), deadline = clock.now + patience
    while true {
      var information = siginfo_t()
      // It stays unreaped, and its group reachable, until this object goes.
      let answer = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
      if answer == 0, information.si_signo == SIGCHLD {
        let status = information._sifields._sigchld.si_status
        return information.si_code == CLD_EXITED ? .exit(status) : .signal(status)
      }
      guard clock.now < deadline else { return nil }
      usleep(2_000)
    }
  }

  private static func pipes() -> [[Int32]]? {
    var pipes: [[Int32]] = []
    for _ in 0..<3 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else {
        for descriptor in pipes.joined() { close(descriptor) }
        return nil
      }
      pipes.append(ends)
    }
    return pipes
  }

  private static func spawn(_ arguments: [String], _ streams: [Int32]) -> pid_t? {
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (place, descriptor) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(place))
    }
    // What this process ignores, a child would ignore too.
    var none = sigset_t(), defaults = sigset_t()
    sigemptyset(&none)
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, arguments[0], &actions, &attributes, &words, environ)
    errno = code
    return code == 0 ? id : nil
  }
}
