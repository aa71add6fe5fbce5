package shape

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	machine   = " (0: as many as suit the machine)"
	maxPool   = 256
	maxCount  = 1_000_000_000
	tileUnits = " tile units"
)

// Fields returns every setting of a Config, in the order of the stages.
func Fields() []Field {
	out := slices.Concat(downloadFields(), simplify1Fields(), simplify2Fields(), tileFields(), []Field{
		boolField("keepIntermediates", "keep the buffers of a session that has completed", func(c *Config) *bool { return &c.KeepIntermediates }),
	})
	defaults := Defaults()
	for i := range out {
		out[i].Default = out[i].get(&defaults)
	}
	return out
}

func downloadFields() []Field {
	return []Field{
		wholeField("download.concurrency", machine, 0, 16, "downloads at once", func(c *Config) *int { return &c.Download.Concurrency }),
		durationField("download.timeout", time.Second, time.Hour, "how long a server may send nothing", func(c *Config) *time.Duration { return &c.Download.Timeout }),
		wholeField("download.retries", "", 0, 10, "how often a download that failed is tried again", func(c *Config) *int { return &c.Download.Retries }),
		durationField("download.retryDelay", 0, 5*time.Minute, "wait before the first retry; it doubles each time", func(c *Config) *time.Duration { return &c.Download.RetryDelay }),
		boolField("download.keep", "keep the files in the cache, whatever its size bound", func(c *Config) *bool { return &c.Download.Keep }),
		boolField("download.originals", "add the source's own attributes to the common ones", func(c *Config) *bool { return &c.Download.Originals }),
	}
}

func simplify1Fields() []Field {
	return []Field{
		wholeField("simplify1.concurrency", machine, 0, maxPool, "tasks of the stage at once", func(c *Config) *int { return &c.Simplify1.Concurrency }),
		choiceField("simplify1.algorithm", "what gives a vertex its weight", []Algorithm{DouglasPeucker, Visvalingam}, func(c *Config) *Algorithm { return &c.Simplify1.Algorithm }),
		numberField("simplify1.minArea", " square tile units", 0, Extent*Extent, "units smaller than this are left out at each zoom; needs vectorTiles.small=drop", func(c *Config) *float64 { return &c.Simplify1.MinArea }),
		wholeField("simplify1.minVertexCountForAreaFilter", " vertices", 4, 10_000, "polygons with fewer are left out by area only if they are not long and thin", func(c *Config) *int { return &c.Simplify1.MinVertexCountForAreaFilter }).fixed(),
		numberField("simplify1.aspectRatioThreshold", " (length to width)", 1, 1000, "from which on a polygon is long and thin", func(c *Config) *float64 { return &c.Simplify1.AspectRatioThreshold }).fixed(),
		choiceField("simplify1.filterMethod", "what a small polygon is measured by", []FilterMethod{FilterBBox, FilterPolygon, FilterHybrid}, func(c *Config) *FilterMethod { return &c.Simplify1.FilterMethod }).fixed(),
		wholeField("simplify1.maxVertices", " vertices (0: what memory allows)", 0, maxCount, "inputs with more are refused", func(c *Config) *int { return &c.Simplify1.MaxVertices }),
	}
}

func simplify2Fields() []Field {
	return []Field{
		wholeField("simplify2.concurrency", machine, 0, maxPool, "tasks of the stage at once", func(c *Config) *int { return &c.Simplify2.Concurrency }),
		numberField("simplify2.tolerance", tileUnits, 0, 64, "how far a border may move at each zoom but the last", func(c *Config) *float64 { return &c.Simplify2.Tolerance }),
		boolField("simplify2.preserveTopology", "neighbours never part", func(c *Config) *bool { return &c.Simplify2.PreserveTopology }).
			only(func(c *Config) bool { return c.Simplify2.PreserveTopology }, "leave it at true; borders are always shared, so that no gap can open"),
		wholeField("simplify2.quantize", tileUnits, 1, 1<<16, "grid of a tile that coordinates are rounded to", func(c *Config) *int { return &c.Simplify2.Quantize }).fixed(),
	}
}

func tileFields() []Field {
	return []Field{
		wholeField("vectorTiles.concurrency", machine, 0, maxPool, "tasks of the stage at once", func(c *Config) *int { return &c.VectorTiles.Concurrency }),
		zoomsField("vectorTiles.minzoom", "the zoom at which each level begins", func(c *Config) *map[uint8]uint8 { return &c.VectorTiles.MinZoom }).
			only(sameFirstZoom, "let all levels begin at one zoom"),
		wholeField("vectorTiles.maxzoom", " (-1: as deep as the data's resolution carries)", ProposedZoom, MaxZoom, "the last zoom; clients draw deeper ones from it", func(c *Config) *int { return &c.VectorTiles.MaxZoom }),
		wholeField("vectorTiles.extent", tileUnits, 1, 1<<16, "grid of a tile", func(c *Config) *int { return &c.VectorTiles.Extent }).fixed(),
		wholeField("vectorTiles.buffer", tileUnits, 0, 256, "margin that a tile has around itself", func(c *Config) *int { return &c.VectorTiles.Buffer }),
		choiceField("vectorTiles.compression", "of tiles", []Compression{None, Gzip, Brotli, Zstd}, func(c *Config) *Compression { return &c.VectorTiles.Compression }).fixed(),
		wholeField("vectorTiles.tileCountThresholdForZoomStop", " tiles", 1, maxCount, "a run that would make more stops", func(c *Config) *int { return &c.VectorTiles.TileCountThresholdForZoomStop }),
		layersField("vectorTiles.layers", "the layers to make; none named: all", func(c *Config) *[]string { return &c.VectorTiles.Layers }).
			only(func(c *Config) bool { return len(c.VectorTiles.Layers) == 0 }, "leave it empty, which makes all layers"),
		choiceField("vectorTiles.small", "units too small for a zoom's grid are drawn where they fit, always, or left out below simplify1.minArea", []string{SmallFit, SmallKeep, SmallDrop}, func(c *Config) *string { return &c.VectorTiles.Small }),
	}
}

func sameFirstZoom(c *Config) bool {
	_, same := sameZoom(c.VectorTiles.MinZoom)
	return same
}

// FieldNamed returns the field of that name. The error names those there are.
func FieldNamed(name string) (Field, error) {
	fields := Fields()
	names := make([]string, len(fields))
	for i, f := range fields {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	return Field{}, fmt.Errorf("there is no setting %q; there are %s", name, strings.Join(names, ", "))
}

// Set changes the named field of c to what value says. If it cannot, c is as
// before, and the error is an *InvalidError with the range, or lists the names
// that there are. How fields go together is left to Validate, so that they can
// be set in any order.
func Set(c *Config, name, value string) error {
	f, err := FieldNamed(name)
	if err != nil {
		return err
	}
	changed := c.Clone()
	why := ""
	if f.set(&changed, strings.TrimSpace(value)) != nil {
		why = "must be " + f.Range
	} else {
		why = f.why(&changed)
	}
	var v Invalid
	if v.Add(StepProcessing, name, value, why); why == "" {
		*c = changed
	}
	return v.Err()
}

// Assign is Set for "name=value".
func Assign(c *Config, text string) error {
	name, value, found := strings.Cut(text, "=")
	if !found {
		return fmt.Errorf("%q: a setting is written name=value, such as vectorTiles.maxzoom=8", text)
	}
	return Set(c, strings.TrimSpace(name), value)
}

// Validate returns an *InvalidError that names every field out of range, and
// its range; nil if all are well.
func (c Config) Validate() error {
	var v Invalid
	for _, f := range Fields() {
		v.Add(StepProcessing, f.Name, f.Get(&c), f.why(&c))
	}
	c.agree(&v)
	return v.Err()
}

// agree notes fields that are in range but do not go together.
func (c *Config) agree(v *Invalid) {
	t := &c.VectorTiles
	first := int(t.deepestFirstZoom())
	if t.MaxZoom != ProposedZoom && first > t.MaxZoom && !v.has("vectorTiles.minzoom") && !v.has("vectorTiles.maxzoom") {
		v.Add(StepProcessing, "vectorTiles.maxzoom", strconv.Itoa(t.MaxZoom), fmt.Sprintf("must be %d or more, where vectorTiles.minzoom begins, or -1", first))
	}
	if c.Simplify1.MinArea > 0 && t.Small != SmallDrop && !v.has("vectorTiles.small") && !v.has("simplify1.minArea") {
		v.Add(StepProcessing, "simplify1.minArea", fmt.Sprint(c.Simplify1.MinArea), "needs vectorTiles.small=drop; or set it to 0")
	}
}
