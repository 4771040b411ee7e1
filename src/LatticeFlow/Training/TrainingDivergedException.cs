namespace LatticeFlow.Training;

/// <summary>Training met gradients that are not finite for many steps on end. Commands exit with 3.</summary>
public sealed class TrainingDivergedException(long step)
    : UserErrorException(
        $"training diverged: no finite gradient in {Trainer.MostSkips} steps up to step {step}; lower train.learning_rate, set train.gradient_clip, or resume from an earlier checkpoint",
        LatticeFlow.ExitCode.DiagnosticsFailed);
