package bundle

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"pgregory.net/rapid"
)

func TestPlan(t *testing.T) {
	old := []Sibling{{"1", "Europe"}, {"2", "Asia"}, {"3", "Asia (2)"}}
	names := []string{"EUROPE", "Asia", "Africa", "Europe (2)"}
	for policy, want := range map[Policy][]Decision{
		Skip:    {{Name: "EUROPE", Skip: true}, {Name: "Asia", Skip: true}, {Name: "Africa"}, {Name: "Europe (2)"}},
		Replace: {{Name: "EUROPE", Replaces: "1"}, {Name: "Asia", Replaces: "2"}, {Name: "Africa"}, {Name: "Europe (2)"}},
		Rename:  {{Name: "EUROPE (3)", Renamed: true}, {Name: "Asia (3)", Renamed: true}, {Name: "Africa"}, {Name: "Europe (2)"}},
	} {
		got, err := Plan(old, names, policy)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", policy, err, diff)
		}
	}
	if _, err := Plan(old, names, "merge"); err == nil {
		t.Error("a policy that is none was taken")
	}
}

// Whatever comes, the names in the folder are unique afterwards, and nobody
// gives way or is left out without need.
func TestAPlanLeavesUniqueNames(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "A", "a (2)", "a (3)", "b", "b (2)", "c"})
	rapid.Check(t, func(t *rapid.T) {
		var old []Sibling
		held := map[string]string{}
		for i, n := range rapid.SliceOfNDistinct(name, 0, 5, tree.Fold).Draw(t, "old") {
			old = append(old, Sibling{string(rune('0' + i)), n})
			held[tree.Fold(n)] = old[i].ID
		}
		incoming := rapid.SliceOfN(name, 0, 6).Draw(t, "new")
		policy := rapid.SampledFrom([]Policy{Skip, Replace, Rename}).Draw(t, "policy")
		plan, err := Plan(old, incoming, policy)
		if err != nil || len(plan) != len(incoming) {
			t.Fatal(plan, err)
		}
		for i, d := range plan {
			if d.Skip && (policy != Skip || held[tree.Fold(d.Name)] == "") || d.Replaces != "" && policy != Replace {
				t.Fatalf("%s: %+v", policy, d)
			}
			if d.Replaces != "" {
				delete(held, tree.Fold(d.Name))
			}
			if d.Renamed != (d.Name != incoming[i]) {
				t.Fatalf("%q became %+v", incoming[i], d)
			}
		}
		for _, d := range plan {
			if d.Skip {
				continue
			}
			if held[tree.Fold(d.Name)] != "" {
				t.Fatalf("%s of %v into %v: %q twice", policy, incoming, old, d.Name)
			}
			held[tree.Fold(d.Name)] = "new"
		}
	})
}
