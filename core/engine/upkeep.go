package engine

import (
	"context"

	"github.com/shapes-desktop/shapes/core/store/entity"
)

// Sweep deletes what is past its time or belongs to nothing any more; dry only
// tells what it would free.
func (e *Engine) Sweep(ctx context.Context, dry bool) (SweepReport, error) {
	r, err := e.m.Sweep(ctx, entity.SweepOptions{Dry: dry, Thorough: true})
	out := SweepReport{Dry: dry, Bytes: r.Bytes()}
	for _, row := range r.Rows {
		out.Rows = append(out.Rows, SweepRow{row.Kind, row.Reason, row.Records, row.Bytes})
	}
	return out, err
}
