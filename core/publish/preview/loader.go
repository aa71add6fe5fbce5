package preview

import (
	"context"
	"image"
	"sync"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// pictureBytes is how much memory tile pictures may take: 96 of 1 MB each, two
// screens full on a large window. Water takes nothing.
const pictureBytes = 96 << 20

// Loader paints tile pictures in the order in which a map wants them, and
// keeps the last ones. It is safe for concurrent use, and starts no goroutine:
// whoever uses it runs one Run for each worker.
type Loader struct {
	m *Map

	mu       sync.Mutex
	work     *sync.Cond
	look     Style
	scale    float64
	turn     int // of the look; pictures of earlier turns are stale
	wanted   []tile.ID
	busy     map[tile.ID]bool
	pictures *recent[tile.ID, painted]
}

// painted is a tile's picture, or that there is none.
type painted struct {
	img  *image.RGBA // nil: all water, or not readable
	turn int
}

func (p painted) size() int {
	if p.img == nil {
		return 64
	}
	return len(p.img.Pix)
}

// NewLoader makes a Loader for a map in a style.
func NewLoader(m *Map, st Style, scale float64) *Loader {
	l := &Loader{
		m: m, look: st, scale: scale,
		busy:     map[tile.ID]bool{},
		pictures: newRecent[tile.ID, painted](pictureBytes),
	}
	l.work = sync.NewCond(&l.mu)
	return l
}

// SetLook changes the style or the scale of pictures. Those in the old look
// are still given until they are painted anew, so that nothing blinks.
func (l *Loader) SetLook(st Style, scale float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.look, l.scale = st, scale
	l.turn++
}

// Want replaces the list of tiles to paint, the most urgent first. Tiles that
// are no longer wanted are not begun; one that is being painted is finished
// and kept.
func (l *Loader) Want(ids []tile.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wanted = append(l.wanted[:0], ids...)
	l.work.Broadcast()
}

// Picture returns a tile's picture if it is painted; a nil picture says that
// the tile is all water. The picture must not be written to; it stays valid
// however long it is held.
func (l *Loader) Picture(id tile.ID) (img *image.RGBA, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.pictures.get(id)
	return p.img, ok
}

// Run paints wanted tiles until ctx is done. After each it calls done, with
// the error of a tile that could not be drawn in whole or at all; such a tile
// is not tried again before the next SetLook.
func (l *Loader) Run(ctx context.Context, done func(tile.ID, error)) {
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.work.Broadcast()
	})
	defer stop()
	for {
		id, look, scale, turn, ok := l.next(ctx)
		if !ok {
			return
		}
		img, err := l.m.Picture(ctx, id, scale, look)
		l.finish(id, painted{img, turn}, ctx.Err() == nil)
		if ctx.Err() == nil {
			done(id, err)
		}
	}
}

// next waits for a wanted tile that is not painted yet.
func (l *Loader) next(ctx context.Context) (id tile.ID, look Style, scale float64, turn int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ctx.Err() == nil {
		for i, id := range l.wanted {
			if l.fresh(id) || l.busy[id] {
				continue
			}
			l.wanted = l.wanted[:copy(l.wanted, l.wanted[i+1:])]
			l.busy[id] = true
			return id, l.look, l.scale, l.turn, true
		}
		l.wanted = l.wanted[:0]
		l.work.Wait()
	}
	return id, look, 0, 0, false
}

// fresh reports whether a picture is there in today's look, without marking it
// as used.
func (l *Loader) fresh(id tile.ID) bool {
	p, ok := l.pictures.peek(id)
	return ok && p.turn == l.turn
}

func (l *Loader) finish(id tile.ID, p painted, keep bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.busy, id)
	if keep {
		l.pictures.put(id, p, p.size())
	}
}
