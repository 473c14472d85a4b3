package broadcast

import (
	"reflect"
	"testing"

	"mediad/packager/health"
)

// counts calls f for each count below a value, by the names of its fields. What a time
// has inside is no count.
func counts(v reflect.Value, f func(name string, count reflect.Value)) {
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		switch field := v.Field(i); field.Kind() {
		case reflect.Struct:
			counts(field, f)
		case reflect.Uint64:
			f(v.Type().Field(i).Name, field)
		}
	}
}

// Every count of a publisher is a statistic, and every field of the API is filled.
func TestEveryCountIsAStatistic(t *testing.T) {
	// Counts calls of SetTracks; its effects for viewers, jumps and changed headers, have counts
	// of their own.
	notTold := "Changes"
	var r health.Report
	told := 0
	counts(reflect.ValueOf(&r).Elem(), func(name string, count reflect.Value) {
		count.SetUint(1)
		moved := 0
		for _, s := range Statistics() {
			moved += int(s.Count(r))
		}
		if (moved == 0) != (name == notTold) {
			t.Errorf("%s moves %d statistics", name, moved)
		}
		told += moved
		count.SetUint(0)
	})
	if told < 25 {
		t.Errorf("only %d statistics moved", told)
	}

	counts(reflect.ValueOf(&r).Elem(), func(_ string, count reflect.Value) { count.SetUint(1) })
	r.Bitrate, r.Incoming = 1, 1
	var look func(v reflect.Value)
	look = func(v reflect.Value) {
		for i := range v.NumField() {
			switch field := v.Field(i); {
			case v.Type().Field(i).Name == "Coding":
				look(field)
			case field.Kind() == reflect.Int64 && field.Int() == 0:
				t.Errorf("the API's %s stays 0", v.Type().Field(i).Name)
			}
		}
	}
	look(reflect.ValueOf(*arriving(r)))
	if got := arriving(r); got.Dropped != 7 || got.Clamped != 2 || got.AudioGaps != 2 || got.NoKey != 1 {
		t.Errorf("the API has %+v", got)
	}
}
