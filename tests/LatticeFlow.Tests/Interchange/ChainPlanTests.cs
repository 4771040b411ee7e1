using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Which chain a file belongs to and where in it: by label, name, directory or pattern, never by the order of the command line unless it is asked for or nothing else is there.</summary>
public class ChainPlanTests
{
    [Fact]
    public void Labels_and_numbers_as_export_writes_them_tell_chains_apart()
    {
        var plan = Plan("auto", Said("a", "hmc.r1", 20), Said("b", "hmc.r0", 10), Said("c", "hmc.r1", 10), Said("d", "hmc.r0", 20));
        Assert.Equal([("b", 0, 10), ("c", 1, 10), ("d", 0, 20), ("a", 1, 20)], Places(plan));
        Assert.Contains("replica 1: its files were given in another order than that of their numbers: the numbers order them", plan.Warnings);
    }

    [Theory]
    [InlineData("hmc-r003-000120.milc", 3, 120)]
    [InlineData("H101r000n1000", 0, 1000)]
    [InlineData("x/hmc-r12-7.openqcd", 12, 7)]
    public void Names_as_export_and_openQCD_write_them_are_understood(string name, long replica, long number)
        => Assert.Equal([(name, replica, number)], Places(Plan("auto", Said(name))));

    [Fact]
    public void Numbers_in_names_order_a_chain_as_numbers()
    {
        var plan = Plan("auto", Said("ckpoint_lat.1000"), Said("ckpoint_lat.90"), Said("ckpoint_lat.200"));
        Assert.Equal([("ckpoint_lat.90", 0, 90), ("ckpoint_lat.200", 0, 200), ("ckpoint_lat.1000", 0, 1000)], Places(plan));
    }

    [Fact]
    public void One_number_in_all_headers_gives_way_to_the_names()
    {
        // Grid states SEQUENCE_NUMBER 1 in every file.
        var plan = Plan("auto", Said("ckpoint_lat.20", null, 1), Said("ckpoint_lat.10", null, 1));
        Assert.Equal([("ckpoint_lat.10", 0, 10), ("ckpoint_lat.20", 0, 20)], Places(plan));
        Assert.Contains("files state the same number twice (1): the numbers in their names are taken instead", plan.Warnings);
    }

    [Fact]
    public void Without_numbers_the_order_given_is_taken_and_said()
    {
        var plan = Plan("auto", Said("lat.sample.l4444"), Said("nersc.l8t4b3360"));
        Assert.Equal([("lat.sample.l4444", 0, 0), ("nersc.l8t4b3360", 0, 1)], Places(plan));
        Assert.StartsWith("not every file states a number", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Empty(Plan("auto", Said("lat.sample.l4444")).Warnings);
    }

    [Fact]
    public void Two_files_in_one_place_are_refused()
    {
        var fault = Assert.Throws<StorageException>(() => Plan("auto", Said("rep0/cfg.10"), Said("rep1/cfg.10")));
        Assert.Equal(StorageException.Unusable, fault.ExitCode);
        Assert.Contains("rep1/cfg.10: has number 10 of its chain, and so has rep0/cfg.10", fault.Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => Plan("auto", Said("a", "x", 5), Said("b", "x", 5)));
        Assert.Throws<StorageException>(() => Plan("auto", Said("cfg.10"), Said("cfg.10")));
    }

    [Fact]
    public void A_directory_is_a_chain_where_that_is_asked_for()
    {
        Assert.Equal(
            [("r/run04/cfg.10", 4, 10), ("r/run12/cfg.10", 12, 10), ("r/run04/cfg.20", 4, 20)],
            Places(Plan("directory", Said("r/run12/cfg.10"), Said("r/run04/cfg.10"), Said("r/run04/cfg.20"))));
        Assert.Equal([("cold/cfg.1", 0, 1), ("hot/cfg.1", 1, 1), ("cold/cfg.2", 0, 2), ("hot/cfg.2", 1, 2)], Places(Plan("directory", Said("hot/cfg.1"), Said("cold/cfg.1"), Said("hot/cfg.2"), Said("cold/cfg.2"))));
    }

    [Fact]
    public void A_pattern_tells_chains_apart()
    {
        Assert.Equal([("cfg.a.1", 0, 1), ("cfg.b.1", 1, 1), ("cfg.a.2", 0, 2)], Places(Plan(@"cfg\.([a-z])\.", Said("cfg.a.1"), Said("cfg.a.2"), Said("cfg.b.1"))));
        Assert.Contains("is not matched by the pattern", Assert.Throws<StorageException>(() => Plan("run([0-9]+)", Said("cfg.1"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReplicaRule.Parse("run[0-9]+"));
        Assert.Throws<ArgumentException>(() => ReplicaRule.Parse("(run"));
        Assert.Throws<ArgumentException>(() => ReplicaRule.Parse("(a)(b)"));
    }

    [Theory]
    [InlineData(new long[] { 10, 20, 50, 60 }, "replica 0: its numbers go from 10 to 60 in steps of 10, and 30, 40 are missing")]
    [InlineData(new long[] { 1, 3, 4 }, "replica 0: its numbers go from 1 to 4 in steps of 1, and 2 is missing")]
    [InlineData(new long[] { 2, 4, 7 }, "replica 0: its numbers go from 2 to 7 in unequal steps: autocorrelation times and errors assume equal ones")]
    [InlineData(new long[] { 1, 2, 1_000_000 }, "replica 0: its numbers go from 1 to 1000000 in steps of 1, and 3, 4, 5, 6, 7, … are missing")]
    [InlineData(new long[] { 0, 1, long.MaxValue }, "replica 0: its numbers go from 0 to 9223372036854775807 in steps of 1, and 2, 3, 4, 5, 6, … are missing")]
    [InlineData(new long[] { 10, 20, 30 }, null)]
    public void Gaps_are_told(long[] numbers, string? warning)
        => Assert.Equal(warning is null ? [] : [warning], Plan("auto", [.. numbers.Select(number => Said("c", "hmc.r0", number) with { Name = $"c{number}" })]).Warnings);

    [Fact]
    public void What_looks_like_several_chains_in_one_is_told()
    {
        Assert.Contains("replica 0: its files come from 2 directories and are taken as one chain (--replica directory keeps them apart)", Plan("auto", Said("a/cfg.1"), Said("b/cfg.2")).Warnings);
        Assert.Contains("replica 0: its files state 2 labels ('one', 'two') and are taken as one chain (--replica tells them apart)", Plan("auto", Said("a", "one", 1), Said("b", "two", 2)).Warnings);
        Assert.Contains("1 of 2 files name a replica and the others do not: all are taken as one chain (--replica tells them apart)", Plan("auto", Said("a", "one.r0", 1), Said("b", "one", 2)).Warnings);
        Assert.Empty(Plan("one", Said("a/x", "one", 1), Said("b/y", "two", 2)).Warnings);
    }

    [Fact]
    public void The_source_of_numbers_can_be_insisted_on()
    {
        ChainSource[] files = [Said("cfg.5", null, 2), Said("cfg.4", null, 3)];
        Assert.Equal([("cfg.5", 0, 2), ("cfg.4", 0, 3)], Places(ChainPlan.Of(files, new(ReplicaSource.Automatic), NumberSource.Header)));
        Assert.Equal([("cfg.4", 0, 4), ("cfg.5", 0, 5)], Places(ChainPlan.Of(files, new(ReplicaSource.Automatic), NumberSource.Name)));
        Assert.Equal([("cfg.5", 0, 0), ("cfg.4", 0, 1)], Places(ChainPlan.Of(files, new(ReplicaSource.Automatic), NumberSource.Given)));
        Assert.Throws<StorageException>(() => ChainPlan.Of([Said("cfg.5")], new(ReplicaSource.Automatic), NumberSource.Header));
        Assert.Throws<StorageException>(() => ChainPlan.Of([Said("one"), Said("two")], new(ReplicaSource.Automatic), NumberSource.Name));
    }

    [Fact]
    public void The_name_of_a_pipe_says_nothing()
        => Assert.Equal([("/dev/fd/63", 0, 0), ("/dev/fd/62", 0, 1)], Places(Plan("auto", Said("/dev/fd/63") with { IsNamed = false }, Said("/dev/fd/62") with { IsNamed = false })));

    private static ChainSource Said(string name, string? label = null, long? number = null) => new(name, name, true, new NerscFile(), 0, 1, new(label, number));

    private static ChainPlan Plan(string rule, params ChainSource[] sources) => ChainPlan.Of(sources, ReplicaRule.Parse(rule), NumberSource.Automatic);

    private static IEnumerable<(string, long, long)> Places(ChainPlan plan) => plan.Places.Select(place => (place.Source.Name, place.Replica, place.Step));
}
