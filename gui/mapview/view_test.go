package mapview

import (
	"bytes"
	"context"
	"image/png"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// newTestMap shows the made tiles in a window of 600 by 500.
func newTestMap(t *testing.T) (*Map, *fakeTiles, fyne.Canvas) {
	t.Helper()
	test.NewTempApp(t)
	m := New(kit.InlineTasks(), testFonts(t), Look{Language: preview.English})
	w := test.NewTempWindow(t, container.NewClip(m))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 500))
	tiles := &fakeTiles{}
	openFake(m, tiles)
	return m, tiles, w.Canvas()
}

func shownSlots(m *Map) int {
	n := 0
	for _, s := range m.pool.slots {
		if s.image.Visible() {
			n++
		}
	}
	return n
}

func TestOpenShowsAllOfIt(t *testing.T) {
	m, _, c := newTestMap(t)
	if shownSlots(m) == 0 {
		t.Error("no tile is shown")
	}
	if !m.over.image.Visible() {
		t.Error("no overlay is shown")
	}
	if got := m.extras.credit.text.Text; got != "Made by hand" || !m.extras.credit.text.Visible() {
		t.Errorf("the attribution is %q", got)
	}
	img := c.Capture()
	x, y := m.view.Point(0, 40)
	r, g, b, _ := img.At(int(x), int(y)).RGBA()
	if w := preview.Light().Water; uint8(r>>8) == w.R && uint8(g>>8) == w.G && uint8(b>>8) == w.B {
		t.Error("the country is not drawn")
	}
}

func TestKeysMoveTheMap(t *testing.T) {
	m, _, c := newTestMap(t)
	c.Focus(m)
	if !m.extras.focus[0].Visible() {
		t.Error("the focus is not shown")
	}
	m.SetView(preview.Viewport{Zoom: 3})
	for _, tt := range []struct {
		key    fyne.KeyName
		dx, dy float64
	}{
		{fyne.KeyLeft, -1, 0},
		{fyne.KeyRight, 1, 0},
		{fyne.KeyUp, 0, 1},
		{fyne.KeyDown, 0, -1},
		{fyne.KeyPageUp, 0, 1},
		{fyne.KeyPageDown, 0, -1},
	} {
		before := m.View()
		m.TypedKey(&fyne.KeyEvent{Name: tt.key})
		dlon, dlat := m.View().Lon-before.Lon, m.View().Lat-before.Lat
		if dlon*tt.dx < 0 || dlat*tt.dy < 0 || math.Abs(dlon) < 1e-9 && tt.dx != 0 || math.Abs(dlat) < 1e-9 && tt.dy != 0 {
			t.Errorf("%s moves by %v, %v", tt.key, dlon, dlat)
		}
	}
	zoom := m.View().Zoom
	m.TypedRune('+')
	if m.View().Zoom != zoom+1 {
		t.Errorf("+ gives %v", m.View().Zoom)
	}
	m.TypedRune('-')
	if m.View().Zoom != zoom {
		t.Errorf("- gives %v", m.View().Zoom)
	}
	m.TypedRune('0')
	if m.View().Zoom > 1 {
		t.Errorf("0 gives %v", m.View().Zoom)
	}
}

func TestTheWheelZoomsAboutThePointer(t *testing.T) {
	m, _, _ := newTestMap(t)
	m.SetView(preview.Viewport{Zoom: 3, Lon: 20, Lat: 10})
	lon, lat, _ := m.View().LonLat(450, 120)
	m.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(450, 120)}, Scrolled: fyne.NewDelta(0, 50)})
	if m.View().Zoom <= 3 || m.View().Zoom >= 4 {
		t.Errorf("zoom %v", m.View().Zoom)
	}
	lon2, lat2, _ := m.View().LonLat(450, 120)
	if math.Abs(lon-lon2) > 1e-6 || math.Abs(lat-lat2) > 1e-6 {
		t.Errorf("the place moved from %v, %v to %v, %v", lon, lat, lon2, lat2)
	}
}

func TestResizingKeepsThePlaceAtTheTopLeft(t *testing.T) {
	m, _, _ := newTestMap(t)
	m.SetView(preview.Viewport{Zoom: 4, Lat: 20})
	lon, lat, _ := m.View().LonLat(30, 40)
	m.Resize(fyne.NewSize(400, 450))
	if x, y := m.View().Point(lon, lat); math.Abs(x-30) > 0.01 || math.Abs(y-40) > 0.01 {
		t.Errorf("the place moved to %v, %v", x, y)
	}
	// The clicked place stays on the map when a panel takes the right side.
	m.Resize(fyne.NewSize(600, 450))
	m.input.tappedAt = fyne.NewPos(590, 100)
	lon, lat, _ = m.View().LonLat(590, 100)
	m.marked.Selected = preview.Key{Layer: "adm0", ID: 1}
	m.Resize(fyne.NewSize(300, 450))
	if x, _ := m.View().Point(lon, lat); math.Abs(x-(300-clickAir)) > 0.01 {
		t.Errorf("the clicked place is at %v of 300", x)
	}
}

func TestDragMovesTheMap(t *testing.T) {
	m, _, c := newTestMap(t)
	m.SetView(preview.Viewport{Zoom: 4})
	lon, _, _ := m.View().LonLat(300, 250)
	m.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	m.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(350, 250)}, Dragged: fyne.NewDelta(50, 0)})
	lon2, _, _ := m.View().LonLat(350, 250)
	if math.Abs(lon-lon2) > 1e-6 {
		t.Errorf("the place under the hand moved from %v to %v", lon, lon2)
	}
	if c.Focused() != fyne.Focusable(m) {
		t.Error("a press does not give the keys to the map")
	}
	m.DragEnd()
}

func TestShiftDragZoomsToTheBox(t *testing.T) {
	m, _, _ := newTestMap(t)
	m.SetView(preview.Viewport{Zoom: 2})
	m.MouseDown(&desktop.MouseEvent{
		PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, 100)},
		Button:     desktop.MouseButtonPrimary, Modifier: fyne.KeyModifierShift,
	})
	lon, lat, _ := m.View().LonLat(200, 150)
	m.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(300, 200)}, Dragged: fyne.NewDelta(200, 100)})
	if !m.extras.box[0].Visible() {
		t.Error("the box is not shown")
	}
	m.MouseUp(&desktop.MouseEvent{})
	m.DragEnd()
	if m.extras.box[0].Visible() {
		t.Error("the box stays")
	}
	if want := 2 + math.Log2(3); math.Abs(m.View().Zoom-want) > 1e-9 {
		t.Errorf("zoom %v, want %v", m.View().Zoom, want)
	}
	if x, y := m.View().Point(lon, lat); math.Abs(x-300) > 1 || math.Abs(y-250) > 1 {
		t.Errorf("the middle of the box is at %v, %v", x, y)
	}
}

func TestClickPicksAndDoubleClickZooms(t *testing.T) {
	m, _, _ := newTestMap(t)
	m.SetView(preview.Viewport{Zoom: 1})
	var picked [][]*preview.Unit
	m.OnPick = func(u []*preview.Unit) { picked = append(picked, u) }
	x, y := m.view.Point(-40, 40)
	at := fyne.NewPos(float32(x), float32(y))
	test.TapAt(m, at)
	if len(picked) != 1 || len(picked[0]) != 2 || picked[0][0].ID != 11 || picked[0][1].ID != 1 {
		t.Fatalf("picked %v", picked)
	}
	test.TapAt(m, at)
	if len(picked) != 1 {
		t.Error("the second click of a double click picks")
	}
	if m.View().Zoom != 2 {
		t.Errorf("zoom %v", m.View().Zoom)
	}
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(picked) != 2 || picked[1] != nil {
		t.Error("Escape does not let go")
	}
}

func TestThePointerNamesTheUnit(t *testing.T) {
	m, _, _ := newTestMap(t)
	var status Status
	m.OnStatus = func(s Status) { status = s }
	x, y := m.view.Point(-40, 40)
	m.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(x), float32(y))}})
	if !m.extras.tip.text.Visible() || m.extras.tip.text.Text != "Upper, Aland" {
		t.Errorf("the tip says %q", m.extras.tip.text.Text)
	}
	if m.marked.Hover != (preview.Key{Layer: "adm1", ID: 11}) {
		t.Errorf("marked is %v", m.marked.Hover)
	}
	if !status.OnWorld || math.Abs(status.Lat-40) > 0.5 {
		t.Errorf("status %+v", status)
	}
	m.MouseOut()
	if m.extras.tip.text.Visible() || m.marked.Hover != (preview.Key{}) || status.OnWorld {
		t.Error("the unit is not let go")
	}
}

func TestTipStaysInside(t *testing.T) {
	area := fyne.NewSize(300, 200)
	for _, at := range []fyne.Position{{X: 0, Y: 0}, {X: 299, Y: 199}, {X: 150, Y: 195}} {
		p := tipPlace(at, fyne.NewSize(100, 20), area)
		if p.X < 0 || p.Y < 0 || p.X+100 > area.Width || p.Y+20 > area.Height {
			t.Errorf("at %v the tip is at %v", at, p)
		}
	}
}

// However long the map is moved, its objects stay the same ones: a new image
// for each tile would fill the graphics memory.
func TestNoNewObjectsWhileMoving(t *testing.T) {
	m, _, _ := newTestMap(t)
	known := map[fyne.CanvasObject]bool{}
	for _, o := range test.WidgetRenderer(m).Objects() {
		known[o] = true
	}
	for i := range 25 {
		m.SetView(m.View().Pan(37, 11))
		m.SetView(m.View().ZoomAbout(100, 100, 1+float64(i%20)/4))
		for _, o := range test.WidgetRenderer(m).Objects() {
			if !known[o] {
				t.Fatalf("a new %T at step %d", o, i)
			}
		}
	}
	held := 0
	for _, s := range m.pool.slots {
		if s.image.Image != nil {
			held++
		}
		if s.image.ScaleMode != canvas.ImageScaleFastest {
			t.Fatal("a slot scales by the processor")
		}
	}
	if held != shownSlots(m) {
		t.Errorf("%d slots hold pictures, %d are shown", held, shownSlots(m))
	}
}

func TestAPictureKeepsItsSlot(t *testing.T) {
	m, _, _ := newTestMap(t)
	m.SetView(preview.Viewport{Zoom: 4})
	before := map[*canvas.Image]bool{}
	for _, s := range m.pool.slots {
		if s.image.Visible() {
			before[s.image] = true
		}
	}
	images := map[*canvas.Image]any{}
	for o := range before {
		images[o] = o.Image
	}
	m.SetView(m.View().Pan(3, 3))
	kept := 0
	for o, img := range images {
		if o.Image == img {
			kept++
		}
	}
	if kept < len(images)-3 {
		t.Errorf("only %d of %d pictures kept their slot", kept, len(images))
	}
}

func TestLookChangesPictures(t *testing.T) {
	m, _, _ := newTestMap(t)
	before := m.extras.water.Image
	m.SetLook(Look{Dark: true, Language: preview.English})
	if m.extras.water.Image == before {
		t.Error("the water stays light")
	}
	if m.extras.credit.text.Color != preview.Dark().Credit.Color {
		t.Error("the attribution stays light")
	}
}

func TestCloseGivesTheTilesBack(t *testing.T) {
	m, tiles, _ := newTestMap(t)
	m.Close()
	if tiles.closed != 1 || shownSlots(m) != 0 || m.over.image.Visible() {
		t.Errorf("closed %d times, %d slots shown", tiles.closed, shownSlots(m))
	}
	m.Close()
	if tiles.closed != 1 {
		t.Error("closed twice")
	}
	if m.WritePNG() != nil {
		t.Error("a closed map can be saved")
	}
	m.SetView(preview.Viewport{Zoom: 3})
	m.ShowAll()
	m.MouseMoved(&desktop.MouseEvent{})
	test.TapAt(m, fyne.NewPos(5, 5))
}

func TestBadTilesAreTold(t *testing.T) {
	test.NewTempApp(t)
	m := New(kit.InlineTasks(), testFonts(t), Look{})
	w := test.NewTempWindow(t, m)
	w.Resize(fyne.NewSize(300, 300))
	var faults []string
	m.OnFault = func(err error) { faults = append(faults, err.Error()) }
	openFake(m, &fakeTiles{broken: true})
	if len(faults) == 0 || !strings.Contains(strings.Join(faults, " "), "disk is gone") {
		t.Errorf("told %v", faults)
	}
}

func TestWritePNG(t *testing.T) {
	m, _, _ := newTestMap(t)
	var b bytes.Buffer
	if err := m.WritePNG()(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if w, h := m.View().Pixels(); img.Bounds().Dx() != w || img.Bounds().Dy() != h {
		t.Errorf("the picture is %v, the map %d by %d", img.Bounds(), w, h)
	}
}

// A larger window shows the whole map larger, as long as nobody has moved it.
func TestTheWholeMapStaysWhole(t *testing.T) {
	m, _, _ := newTestMap(t)
	whole := func() bool {
		v := m.View()
		return v == v.Fit(m.sheet.m.Meta().Bounds)
	}
	m.ShowAll()
	for _, size := range []fyne.Size{fyne.NewSize(1200, 900), fyne.NewSize(400, 450)} {
		if m.Resize(size); !whole() {
			t.Errorf("at %v it shows %+v", size, m.View())
		}
	}
	m.SetView(m.View().Pan(30, 10))
	if m.Resize(fyne.NewSize(700, 500)); whole() {
		t.Error("a map that was moved is whole again")
	}
	m.ShowAll()
	m.Select(&preview.Unit{Layer: "adm1", ID: 11})
	if m.Resize(fyne.NewSize(400, 500)); whole() {
		t.Error("the map jumps when a unit is clicked")
	}
}
