package simplify

import (
	"container/heap"
	"math"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// visvalingam weighs the inner vertices of an arc. In a closed arc the vertex
// farthest from the ends stays, so that a ring keeps a second anchor.
func visvalingam(pts []grid.Point, w []float32) {
	last := len(pts) - 1
	keep := -1
	if pts[0] == pts[last] {
		keep = farthest(pts)
	}
	prev, next := make([]int, len(pts)), make([]int, len(pts))
	q := &triangles{at: make([]int, len(pts))}
	for i := range pts {
		prev[i], next[i] = i-1, i+1
		q.at[i] = -1
	}
	for i := 1; i < last; i++ {
		if i != keep {
			q.at[i] = len(q.list)
			q.list = append(q.list, triangle{i, area(pts, i-1, i, i+1)})
		}
	}
	heap.Init(q)
	floor := 0.0
	for q.Len() > 0 {
		t := heap.Pop(q).(triangle)
		floor = max(floor, t.area)
		w[t.vertex] = float32(math.Sqrt(floor))
		p, n := prev[t.vertex], next[t.vertex]
		next[p], prev[n] = n, p
		for _, v := range [2]int{p, n} {
			if i := q.at[v]; i >= 0 {
				q.list[i].area = area(pts, prev[v], v, next[v])
				heap.Fix(q, i)
			}
		}
	}
}

func area(pts []grid.Point, i, j, k int) float64 {
	return math.Abs(float64(grid.Cross(pts[i], pts[j], pts[k]))) / 2
}

type triangle struct {
	vertex int
	area   float64
}

// triangles is a heap by area; at tells where a vertex is, -1 if nowhere.
type triangles struct {
	list []triangle
	at   []int
}

func (q *triangles) Len() int { return len(q.list) }
func (q *triangles) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	return a.area < b.area || a.area == b.area && a.vertex < b.vertex
}

func (q *triangles) Swap(i, j int) {
	q.list[i], q.list[j] = q.list[j], q.list[i]
	q.at[q.list[i].vertex], q.at[q.list[j].vertex] = i, j
}

func (q *triangles) Push(x any) {
	t := x.(triangle)
	q.at[t.vertex] = len(q.list)
	q.list = append(q.list, t)
}

func (q *triangles) Pop() any {
	t := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	q.at[t.vertex] = -1
	return t
}
