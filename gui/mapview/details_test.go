package mapview

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/publish/preview"
)

func someUnits() []*preview.Unit {
	return []*preview.Unit{
		{Layer: "adm1", Level: 1, ID: 11, Attrs: []feature.Attr{
			{Key: "name", Value: feature.StringValue("Upper")},
			{Key: "note", Value: feature.StringValue("two\tparts\nand lines")},
		}},
		{Layer: "adm0", ID: 1, Attrs: []feature.Attr{{Key: "name", Value: feature.StringValue("Aland")}}},
	}
}

func TestDetailsListAttributes(t *testing.T) {
	app := test.NewTempApp(t)
	d := NewDetails(app.Clipboard())
	w := test.NewTempWindow(t, d)
	w.Resize(fyne.NewSize(300, 500))
	d.ShowUnits(someUnits(), preview.English)
	if d.title.Text != "Upper" {
		t.Errorf("title %q", d.title.Text)
	}
	if rows, _ := d.table.Length(); rows != 4 {
		t.Errorf("%d rows, want layer, id and two attributes", rows)
	}
	d.level.SetSelectedIndex(1)
	if d.title.Text != "Aland" || len(d.rows) != 3 {
		t.Errorf("the country shows %q with %d rows", d.title.Text, len(d.rows))
	}
	test.Tap(d.copyB)
	if got, want := app.Clipboard().Content(), "layer\tadm0\nid\t1\nname\tAland\n"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
}

func TestCopiedValuesStayOnTheirLine(t *testing.T) {
	text := AsText(Rows(someUnits()[0]))
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.Count(line, "\t") != 1 {
			t.Errorf("%q", line)
		}
	}
}
