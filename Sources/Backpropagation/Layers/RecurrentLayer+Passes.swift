// How a recurrent layer's directions and stacked layers hang together; what a step computes is in recurrent.inc.
//
// The reverse direction runs like the other, on a reversed copy of its input, and what it gives is reversed again. So
// each direction starts at the first of its steps, and padding stands behind the last.

extension RecurrentLayer {
  public func forward<S>(_ pass: ForwardPass<S>) {
    let buffers = RecurrentBuffers(pass.memory, directions: directions, lengths: pass.lengths)
    for layer in 0..<layers {
      let input = buffers.input(of: layer, pass.input)
      if isBidirectional {
        buffers.steps(buffers.reversedInput(of: layer))
          .assign(buffers.steps(input), reversed: true)
      }
      for direction in 0..<directions {
        S.kernels.recurrent.forward(
          run(layer, direction, input, pass.parameters, buffers, lengths: pass.lengths))
      }
      if isBidirectional, layer < layers - 1 { join(layer, into: buffers.joined(layer), buffers) }
    }
    switch output {
    case .sequence: join(layers - 1, into: pass.output, buffers)
    case .last:
      for direction in 0..<directions {
        buffers.steps(buffers.output(layers - 1, direction))
          .copyLast(to: pass.output, part: direction, of: directions)
      }
    }
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    let buffers = RecurrentBuffers(pass.memory, directions: directions, lengths: pass.lengths)
    for direction in 0..<directions {
      let delta = buffers.steps(buffers.delta(of: layers - 1), of: direction)
      switch output {
      case .sequence:
        delta.assign(buffers.steps(pass.outputDelta, of: direction), reversed: direction == 1)
      case .last: delta.assignLast(pass.outputDelta, part: direction, of: directions)
      }
    }
    for layer in (0..<layers).reversed() {
      let input = buffers.input(of: layer, pass.input)
      let below = layer == 0 ? pass.inputDelta : buffers.delta(of: layer - 1)
      // Of two directions each writes beside.
      let inputDelta = isBidirectional ? below.map { _ in buffers.inputDelta(of: layer) } : below
      for direction in 0..<directions {
        var run = run(layer, direction, input, pass.parameters, buffers, lengths: pass.lengths)
        let delta = buffers.steps(buffers.delta(of: layer), of: direction)
        run.deltas = Recurrence.Deltas(
          delta: delta.start, stride: delta.stride, gateDelta: buffers.gateDelta.pointer,
          stateDelta: buffers.stateDelta.pointer, inputDelta: inputDelta?.pointer,
          gradients: parameters(pass.parameterGradients, of: layer, direction))
        S.kernels.recurrent.backward(run)
        guard isBidirectional, let below, let inputDelta else { continue }
        if layer == 0 {
          add(
            buffers.steps(inputDelta), to: buffers.steps(below), reversed: direction == 1,
            isFirst: direction == 0)
        } else {
          // The layer below has its deltas in the order in which each of its directions reads.
          for reader in 0..<directions {
            add(
              buffers.steps(inputDelta, of: reader), to: buffers.steps(below, of: reader),
              reversed: reader != direction, isFirst: direction == 0)
          }
        }
      }
    }
  }

  /// The first of several contributions is written, those that follow are added.
  private func add<S>(_ contribution: Steps<S>, to sum: Steps<S>, reversed: Bool, isFirst: Bool) {
    if isFirst {
      sum.assign(contribution, reversed: reversed)
    } else {
      sum.add(contribution, reversed: reversed)
    }
  }

  /// Puts the outputs of a layer's directions side by side, in the order of time.
  private func join<S>(
    _ layer: Int, into sequence: TensorView<S>, _ buffers: RecurrentBuffers<S>
  ) {
    for direction in 0..<directions {
      buffers.steps(sequence, of: direction)
        .assign(buffers.steps(buffers.output(layer, direction)), reversed: direction == 1)
    }
  }

  /// What the kernels need to run one direction of one layer.
  private func run<S>(
    _ layer: Int, _ direction: Int, _ input: TensorView<S>, _ values: [TensorView<S>],
    _ buffers: RecurrentBuffers<S>, lengths: UnsafePointer<Int32>?
  ) -> Recurrence<S> {
    let read = direction == 0 ? input : buffers.reversedInput(of: layer)
    return Recurrence(
      cell: cell, examples: read.shape[0], steps: read.shape[1], inputs: read.shape[2],
      units: units, lengths: lengths, input: read.pointer,
      parameters: parameters(values, of: layer, direction),
      weightHiddenTransposed: buffers.weightHiddenTransposed.pointer,
      gates: buffers.gates(layer, direction).pointer,
      state: buffers.state(layer, direction).pointer,
      previous: buffers.previous(layer, direction).pointer,
      output: buffers.output(layer, direction).pointer)
  }

  /// The parameters of one direction of one layer, in the order of ``RecurrentLayer/parameters(for:)``.
  private func parameters<S>(
    _ views: [TensorView<S>], of layer: Int, _ direction: Int
  ) -> Recurrence<S>.Parameters {
    let first = 4 * (layer * directions + direction)
    return Recurrence.Parameters(
      weightInput: views[first].pointer, weightHidden: views[first + 1].pointer,
      biasInput: views[first + 2].pointer, biasHidden: views[first + 3].pointer)
  }
}
