extension NetworkSelftest {
  /// The trials of one network by one method.
  struct Row {
    var sample: String
    var method: CheckMethod
    var trials: [Trial]
  }

  var rows: [Row] {
    methods.flatMap { method in
      samples.map { sample in
        Row(
          sample: sample, method: method,
          trials: trials.filter { $0.sample == sample && $0.method == method })
      }
    }
  }
}

extension EntrySelftest {
  /// The trials in tensors of one kind and size.
  struct Row {
    var subject: String
    var entries: Int
    var trials: [Trial]
  }

  var rows: [Row] {
    sizes.flatMap { size in
      EntrySubject.subjects(of: size).map { subject in
        Row(
          subject: subject.id, entries: size,
          trials: trials.filter { $0.subject == subject.id && $0.entries == size })
      }
    }
  }
}

extension RightNetworkSelftest {
  /// The trials in one weather by one method.
  struct Row {
    var weather: Weather
    var method: CheckMethod
    var trials: [Trial]
  }

  var rows: [Row] {
    methods.flatMap { method in
      Weather.allCases.map { weather in
        Row(
          weather: weather, method: method,
          trials: trials.filter { $0.weather == weather && $0.method == method })
      }
    }
  }
}
