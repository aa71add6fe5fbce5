package preview

import (
	"context"
	"testing"
)

func TestPickFindsTheDeepestUnitFirst(t *testing.T) {
	s := scene(t, twoCountries())
	tests := []struct {
		name string
		x, y float64
		want []uint64
	}{
		{"province in country", 1000, 1000, []uint64{11, 1}},
		{"the other province", 1000, 3000, []uint64{12, 1}},
		{"country without provinces", 3300, 3000, []uint64{2}},
		{"lake", 2800, 1600, nil},
		{"sea", 100, 100, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []uint64
			for _, u := range s.Pick(tt.x, tt.y) {
				got = append(got, u.ID)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("picked %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("picked %v, want %v", got, tt.want)
				}
			}
		})
	}
}

// Units that touch share no point: each point of a border belongs to one.
func TestAPointOfABorderBelongsToOneUnit(t *testing.T) {
	s := scene(t, twoCountries())
	for y := 501.0; y < 3499; y += 7 {
		n := 0
		for _, u := range s.Pick(2000, y) {
			if u.Level == 0 {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("at 2000, %v lie %d countries", y, n)
		}
	}
}

func TestMapPick(t *testing.T) {
	m := NewMap(oneTile(twoCountries()))
	v := Viewport{Zoom: 0, Width: 512, Height: 512}.Clamp()
	units, err := m.Pick(context.Background(), v, 125, 125)
	if err != nil || len(units) != 2 || units[0].ID != 11 {
		t.Fatalf("picked %v, %v", units, err)
	}
	// Below the last zoom the last tile answers; beside the world nothing does.
	deep := v.ZoomAbout(125, 125, 7)
	if units, err = m.Pick(context.Background(), deep, 125, 125); err != nil || len(units) != 2 {
		t.Errorf("at zoom 7: %v, %v", units, err)
	}
	tall := Viewport{Zoom: 0, Width: 512, Height: 512}
	tall.Height = 2000
	if units, err = m.Pick(context.Background(), tall, 100, 5); err != nil || units != nil {
		t.Errorf("above the world: %v, %v", units, err)
	}
}

func TestKeysTellUnitsApart(t *testing.T) {
	a := Unit{Layer: "adm0", Attrs: named("name", "Same", "code", "1")}
	b := Unit{Layer: "adm0", Attrs: named("name", "Same", "code", "2")}
	c := Unit{Layer: "adm1", Attrs: named("name", "Same", "code", "1")}
	if a.Key() == b.Key() || a.Key() == c.Key() || a.Key() == (Key{}) {
		t.Error("keys are not apart")
	}
	if (&Unit{Layer: "l", ID: 7, Attrs: named("name", "x")}).Key() != (&Unit{Layer: "l", ID: 7}).Key() {
		t.Error("the id does not decide")
	}
}
