package main

import (
	"fmt"
	"io"
)

func header(w io.Writer, peer bool) {
	fmt.Fprintf(w, "%-14s %10s %8s %8s %8s %7s %10s %8s %7s", "", "vertices", "tiles", "MB", "wall s", "CPU s", "vertices/s", "tiles/s", "RSS MB")
	if peer {
		fmt.Fprintf(w, " | %8s %8s %7s %7s %6s", "tiles", "MB", "CPU s", "RSS MB", "ratio")
	}
	fmt.Fprintln(w)
}

func (r result) row(w io.Writer, peer bool) {
	fmt.Fprintf(w, "%-14s %10d %8d %8.1f %8.2f %7.2f %10.0f %8.0f %7.0f", r.name, r.vertices, r.tiles, megabytes(r.bytes),
		r.ours.wall, r.ours.cpu, per(r.vertices, r.ours.wall), per(r.tiles, r.ours.wall), megabytes(r.ours.rss))
	if peer {
		fmt.Fprintf(w, " | %8d %8.1f %7.2f %7.0f %6.2f", r.peerTiles, megabytes(r.peerBytes), r.peer.cpu, megabytes(r.peer.rss), r.ours.cpu/r.peer.cpu)
	}
	fmt.Fprintln(w)
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

func per(n int, seconds float64) float64 { return float64(n) / max(seconds, 1e-9) }
