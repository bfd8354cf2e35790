import Foundation
import Testing

/// Commands that cannot be carried out as typed (64) and outputs that cannot be made (73).
@Suite struct BadUsageTests {
  @Test(arguments: [
    BadInput("train fno --nois 0.1", 64, "Unknown option '--nois'", "Did you mean '--noise'?"),
    BadInput("gen darcy --sample 3", 64, "Did you mean '--samples'?"),
    BadInput("eval runs/fno-deq --jsn", 64, "Did you mean '--json'?"),
    BadInput("train fnoo", 64, "'fnoo'", "'fno', 'fno++', 'fno-wt' or 'fno-deq'"),
    BadInput("train", 64, "Missing expected argument '<model>'"),
    BadInput("compare", 64, "Missing expected argument '<runs> ...'"),
    BadInput("tain fno", 64, "'tain'"),
    BadInput("gen stokes", 64, "'stokes'"),
    BadInput("train fno-deq --solver newton", 64, "'newton'", "'picard', 'anderson' or 'broyden'"),
    BadInput("compare runs/fno-deq runs/fno-deq", 64, "A run was given twice"),
    BadInput("train fno --iterations 3", 64, "--iterations is for fno-wt and fno-deq"),
    BadInput("train fno-deq --blocks 2", 64, "--blocks is for fno and fno++"),
    BadInput("train fno-deq --iterations 8 --tolerance 1e-4", 64, "--iterations", "--tolerance"),
    BadInput("plot darcy.nc --samples 24", 64, "no sample at position 24", "the file has 24, counted from 0"),
    BadInput("plot darcy.nc --samples=-1", 64, "no sample at position -1"),
    BadInput("plot darcy.nc --view traces", 64, "'darcy.nc' does not have traces"),
  ])
  func whatTheProgramDoesNotKnowIsNamed(_ input: BadInput) throws { try input.check() }

  private static let largest = "\(Int.max)"

  @Test(arguments: [
    BadInput("train fno --noise -0.1", 64, "--noise must be 0 or more, found -0.1"),
    BadInput("train fno --noise nan", 64, "--noise must be 0 or more, found nan"),
    BadInput("train fno --lr 0", 64, "--lr must be positive, found 0"),
    BadInput("train fno --ema 1", 64, "--ema must be 0 or more and below 1, found 1"),
    BadInput("train fno --clip-norm 0", 64, "--clip-norm must be positive, found 0"),
    BadInput("train fno --decay-factor 1.5", 64, "--decay-factor", "found 1.5"),
    BadInput("train fno --patience 0", 64, "--patience", "found 0"),
    BadInput("train fno --schedule linear", 64, "'linear'", "'constant', 'cosine', 'step' or 'plateau'"),
    BadInput("train fno --epochs 0", 64, "--epochs", "found 0"),
    BadInput("train fno --epochs \(largest)", 64, "--epochs", largest),
    BadInput("train fno --batch \(largest)", 64, "--batch", largest),
    BadInput("train fno --train-samples 0", 64, "--train-samples", "found 0"),
    BadInput("train fno --validation \(largest) --test \(largest)", 64, "--validation", largest),
    BadInput("train fno --width 0", 64, "width must be at least 1, found 0"),
    BadInput("train fno --modes 40 --width 4", 64, "40"),
    BadInput("train fno --modes 0 --width 4", 64, "modes must be at least 1, found 0"),
    BadInput("train fno --padding=-1", 64, "padding", "found -1 points"),
    BadInput("train fno --padding nan%", 64, "padding", "found fraction nan"),
    BadInput("train fno --padding \(largest)", 64, "padding", largest),
    BadInput("train fno-deq --memory \(largest)", 64, "--memory", largest),
    BadInput("train fno-deq --tolerance 0", 64, "--tolerance must be positive, found 0"),
    BadInput("train fno-deq --phantom-damping 1.5", 64, "--phantom-damping", "found 1.5"),
    BadInput("train fno-deq --unrolled-steps 0", 64, "--unrolled-steps", "found 0"),
    BadInput("predict runs/fno-deq --max-evaluations \(largest)", 64, "--max-evaluations", largest),
    BadInput("compare runs/fno-deq --samples 0", 64, "--samples must be at least 1, found 0"),
    BadInput("eval runs/fno-deq --threads 0", 64, "--threads must be between 1 and 256, found 0"),
    BadInput("gen darcy --grid 2 -o other.nc", 64, "grid must be at least 3, found 2"),
    BadInput("gen darcy --grid 9000 -o other.nc", 64, "at most 8193", "grid 9000"),
    BadInput("gen darcy --grid \(largest) --oversample \(largest) -o other.nc", 64, "at most 8193", largest),
    BadInput("gen darcy --samples 0 -o other.nc", 64, "samples must be at least 1, found 0"),
    BadInput("gen darcy --samples \(largest) --first \(largest) -o other.nc", 64, "below 2147483648", largest),
    BadInput("gen darcy --values 12,-3 -o other.nc", 64, "low permeability is -3", "above 0"),
    BadInput("gen darcy --tolerance 1e-20 -o other.nc", 64, "at least 1e-13", "found 1e-20"),
    BadInput("gen darcy --alpha nan -o other.nc", 64, "--alpha must be positive, found nan"),
  ])
  func numbersOutOfRangeAreRefused(_ input: BadInput) throws { try input.check() }

  @Test(arguments: [
    BadInput("gen darcy", 73, "'darcy.nc' exists already", "--force"),
    BadInput("predict runs/fno-deq -o darcy.nc", 73, "'darcy.nc' exists already"),
    BadInput("compare runs/fno-deq -o darcy.nc", 73, "'darcy.nc' exists already"),
    BadInput("plot darcy.nc -o darcy.nc", 73, "'darcy.nc' exists already"),
    // The pictures of a comparison have names of their own.
    BadInput("compare runs/fno-deq", 73, "'compare.png' exists already") {
      try $0.write(Data("x".utf8), to: "compare.png")
    },
    BadInput("compare runs/fno-deq", 73, "'compare-fields.png' exists already") {
      try $0.write(Data("x".utf8), to: "compare-fields.png")
    },
    BadInput("gen darcy -o none/darcy.nc", 73, "the folder 'none' does not exist"),
    BadInput("predict runs/fno-deq -o none/p.nc", 73, "the folder 'none' does not exist"),
    BadInput("compare runs/fno-deq -o none/c.nc", 73, "the folder 'none' does not exist"),
    BadInput("plot darcy.nc -o none/p.png", 73, "the folder 'none' does not exist"),
    BadInput("gen darcy -o runs --force", 73, "a folder has this name"),
    BadInput("train fno-deq", 73, "'runs/fno-deq' already holds a run", "--resume, --force"),
    BadInput("train fno -o darcy.nc --width 4 --modes 3", 73, "the folder 'darcy.nc' cannot be created"),
  ])
  func nothingIsOverwrittenOrPutWhereItCannotBe(_ input: BadInput) throws { try input.check() }

  @Test func forceReplacesWhatItNames() throws {
    let folder = try Prepared.workspace()
    let before = folder.contents()
    #expect(try folder.pde("gen darcy --samples 20 --grid 11 --oversample 1 --force").exitCode == 0)
    #expect(try folder.pde("train fno-deq --force --seed 3 \(Prepared.tiny)").exitCode == 0)
    let after = folder.contents()
    #expect(Set(after.keys) == Set(before.keys))
    for name in ["darcy.nc", "runs/fno-deq/last.safetensors", "runs/fno-deq/config.json"] {
      #expect(after[name] != before[name], "\(name)")
    }
  }
}
