using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;

namespace LatticeFlow.Tests;

/// <summary>What is done to measure large lattices in little memory changes no value.</summary>
public class LargeLatticeTests
{
    // Sums of some 10,000 terms in another order, of links whose exponentials end together with those of other lanes.
    private const double RoundingTolerance = 1e-11;

    private static readonly string[] Names = ["plaquette", "clover_energy", "clover_charge", "plaquette_ape2", "wilson_loop_1x2_spatial_ape1", "clover_charge_stout1", "polyakov_re"];

    [Fact]
    public void Parts_of_a_lattice_and_slices_of_links_give_what_all_at_once_gives()
    {
        // A lane that holds all of it has more sites than a part, and links that are smeared slice by slice; an eighth or a quarter of it has not.
        var field = MatrixField.Random(new LatticeGeometry(10, 8, 8, 8), GaugeGroup.SU3, 21, 0.5);
        var whole = FieldBench.Measure(field, split: true, Names);
        var parts = FieldBench.Measure(field, split: false, Names);
        for (int i = 0; i < Names.Length; i++)
        {
            for (int component = 0; component < whole[i].Length; component++) Assert.Equal(whole[i][component], parts[i][component], RoundingTolerance);
        }
    }

    [Theory]
    [InlineData("U1")]
    [InlineData("SU2")]
    [InlineData("SU3")]
    public void Links_that_are_smeared_in_place_give_the_same_bits_as_copies(string group)
    {
        var field = MatrixField.Random(new LatticeGeometry(4, 4, 4), GaugeGroup.Named(group), 22, 0.7);
        IFieldObservable[] observables = [.. new[] { "plaquette", "flow_energy_0.4", "plaquette_flow0.2", "wilson_loop_2x2_stout3", "polyakov_abs_ape2", "plaquette_ape1" }
            .Select(name => ObservableRegistry.Create(name, field.Lattice, field.Group))];
        foreach (bool split in (bool[])[false, true]) Assert.Equal(FieldBench.Measure(field, observables, split), FieldBench.Measure(field, observables, split, inPlace: true));
    }
}
