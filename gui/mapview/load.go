package mapview

import (
	"context"
	"image"
	"image/png"
	"io"
	"runtime"
	"sync"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Tiles is what the map shows: engine.Tiles is one.
type Tiles interface {
	preview.Source
	Close() error
}

// sheet is an opened tileset with the workers that draw it.
type sheet struct {
	tiles    Tiles
	m        *preview.Map
	pictures pictures
	overlay  *preview.Overlay // for one goroutine at a time: overlays is
	overlays *kit.Latest
	hovers   *kit.Latest
	clicks   *kit.Latest
	ctx      context.Context
	cancel   context.CancelFunc
	frames   frames
	reading  sync.RWMutex // held by whoever reads tiles
	scale    float64      // of the pictures
	told     bool         // that the overlay could not be drawn in whole
}

// read runs f unless the sheet is closed, and keeps it open meanwhile.
func (s *sheet) read(f func(context.Context)) {
	s.reading.RLock()
	defer s.reading.RUnlock()
	if s.ctx.Err() == nil {
		f(s.ctx)
	}
}

// openSheet makes a sheet and starts its workers. ready is called on some
// worker after each painted tile.
func openSheet(tasks *kit.Tasks, tiles Tiles, st preview.Style, scale float64, ready func(tile.ID, error)) *sheet {
	s := newSheet(tasks, tiles)
	loader := preview.NewLoader(s.m, st, scale)
	s.pictures, s.scale = loader, scale
	for range min(2, runtime.NumCPU()) {
		tasks.Serve(func() {
			s.read(func(ctx context.Context) { loader.Run(ctx, ready) })
		})
	}
	return s
}

func newSheet(tasks *kit.Tasks, tiles Tiles) *sheet {
	s := &sheet{
		tiles: tiles, m: preview.NewMap(tiles), overlays: kit.NewLatest(tasks),
		hovers: kit.NewLatest(tasks), clicks: kit.NewLatest(tasks),
	}
	s.overlay = preview.NewOverlay(s.m)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// close stops the workers and closes the tileset once none of them reads it.
// It returns at once; failures to close go to fault.
func (s *sheet) close(tasks *kit.Tasks, fault func(error)) {
	s.cancel()
	tasks.Go(func() {
		s.reading.Lock()
		defer s.reading.Unlock()
		if err := s.tiles.Close(); err != nil {
			tasks.Do(func() { fault(err) })
		}
	})
}

// frames are overlay pictures to draw on: one is in the window, one is being
// drawn, and they change places.
type frames struct {
	mu   sync.Mutex
	free []*image.RGBA
}

func (f *frames) take(w, h int) *image.RGBA {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.free) > 0 {
		img := f.free[len(f.free)-1]
		f.free = f.free[:len(f.free)-1]
		if img.Rect.Dx() == w && img.Rect.Dy() == h {
			return img
		}
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

func (f *frames) give(img *image.RGBA) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if img != nil && len(f.free) < 2 {
		f.free = append(f.free, img)
	}
}

// writeMap renders a map and writes it as PNG.
func writeMap(ctx context.Context, w io.Writer, src preview.Source, v preview.Viewport, st preview.Style) error {
	img, err := preview.RenderMap(ctx, src, v, st)
	if err != nil {
		return err
	}
	return png.Encode(w, img)
}
