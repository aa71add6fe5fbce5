package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/blob"
)

// arcsBuffer is the id of the buffer with the arrangement.
const arcsBuffer = "arcs"

// Properties of buffers.
const (
	propLayer   = "layer"   // name of the layer
	propName    = "name"    // of the buffer's features, for ids of tasks
	propFirst   = "first"   // number of the first feature
	propIndex   = "index"   // places of the features in their source: "0-99,105"
	propCountry = "country" // if all are of one
	propLevel   = "level"
)

// hand is the scratch of a worker.
type hand struct {
	packer  blob.Packer
	geobuf  *feature.GeobufWriter
	fine    *feature.GeobufWriter // of what is on the grid already
	overlay feature.Overlay
	bytes   []byte
}

// finePrecision is digits of a degree: 1.1 cm, a third of the grid's unit.
const finePrecision = 7

func newHand() (*hand, error) {
	g, err := feature.NewGeobufWriter(feature.GeobufPrecision)
	if err != nil {
		return nil, err
	}
	fine, err := feature.NewGeobufWriter(finePrecision)
	if err != nil {
		return nil, err
	}
	return &hand{geobuf: g, fine: fine}, nil
}

// buffer makes the record of data, compressed.
func (s *state) buffer(h *hand, t session.Task, id string, typ session.BufferType, format session.Format, c shape.Compression, data []byte) (session.Buffer, error) {
	packed, err := h.packer.Pack(nil, data, blob.Compression(c))
	if err != nil {
		return session.Buffer{}, fmt.Errorf("keep %s: %w", id, err)
	}
	now := s.w.Now()
	return session.Buffer{
		ID: id, Session: s.w.Session, Task: t.ID, Type: typ, Format: format, Packing: c,
		OriginalSize: int64(len(data)), CompressedSize: int64(len(packed)),
		Created: now, Accessed: now, Expires: now.Add(BufferIdle), Data: packed, Checksum: blob.Checksum(data),
	}, nil
}

// BufferIdle is how long a buffer is kept that nobody uses: what its record
// says, and what the sweep goes by.
const BufferIdle = time.Hour

// maxBuffer bounds what a buffer may unpack to.
const maxBuffer = 4 << 30

// unpack returns a buffer and its data; ErrLost if they are not as they were
// kept.
func (s *state) unpack(h *hand, id string) (session.Buffer, []byte, error) {
	b, err := s.w.Scratch.Buffer(id)
	if err != nil {
		return b, nil, err
	}
	data, err := open(h, &b)
	return b, data, err
}

// open returns the data of a buffer.
func open(h *hand, b *session.Buffer) ([]byte, error) {
	data, err := h.packer.Unpack(nil, b.Data, blob.Compression(b.Packing), b.Checksum, int(min(b.OriginalSize, maxBuffer)))
	if err != nil {
		return nil, fmt.Errorf("read buffer %s: %w: %w", b.ID, ErrLost, err)
	}
	return data, nil
}

// decode returns the features of a raw buffer, with their places in the source.
func (s *state) decode(h *hand, b *session.Buffer) ([]feature.Feature, error) {
	data, err := open(h, b)
	if err != nil {
		return nil, err
	}
	fs, err := feature.DecodeGeobuf(data, feature.GeobufLimits{}, nil)
	if err != nil {
		return nil, fmt.Errorf("read buffer %s: %w: %w", b.ID, ErrLost, err)
	}
	at, err := parseRuns(b.Properties[propIndex], len(fs))
	if err != nil {
		return nil, fmt.Errorf("read buffer %s: %w: %w", b.ID, ErrLost, err)
	}
	for i := range fs {
		fs[i].Index = at[i]
	}
	return fs, nil
}

// rawOf reads what a raw buffer's record tells besides its features.
func rawOf(b *session.Buffer) (*raw, error) {
	first, err := strconv.ParseUint(b.Properties[propFirst], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read buffer %s: %w: %w", b.ID, ErrLost, err)
	}
	level, err := strconv.Atoi(b.Properties[propLevel])
	if err != nil {
		return nil, fmt.Errorf("read buffer %s: %w: %w", b.ID, ErrLost, err)
	}
	return &raw{
		buffer: b.ID, task: b.Task, name: b.Properties[propName], first: first, size: b.OriginalSize,
		country: b.Properties[propCountry], level: level,
	}, nil
}

// appendRuns writes ascending numbers as "0-99,105".
func appendRuns(at []int) string {
	var out strings.Builder
	for i := 0; i < len(at); {
		j := i
		for j+1 < len(at) && at[j+1] == at[j]+1 {
			j++
		}
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strconv.Itoa(at[i]))
		if j > i {
			out.WriteByte('-')
			out.WriteString(strconv.Itoa(at[j]))
		}
		i = j + 1
	}
	return out.String()
}

// parseRuns is the inverse of appendRuns for n numbers.
func parseRuns(text string, n int) ([]int, error) {
	out := make([]int, 0, n)
	for part := range strings.SplitSeq(text, ",") {
		lo, hi, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(lo)
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(hi)
		}
		if err != nil || to < from || to-from >= n-len(out) {
			return nil, fmt.Errorf("places %q of %d features", text, n)
		}
		for i := range to - from + 1 { // counted, since to may be the last number that there is
			out = append(out, from+i)
		}
	}
	if len(out) != n {
		return nil, fmt.Errorf("places %q of %d features", text, n)
	}
	return out, nil
}
