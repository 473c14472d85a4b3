package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
)

// changeable is a resource that a PATCH changes, with what tests need beside the
// document: how one with nothing but what it needs is made, and another value for each
// field that may be null.
type changeable struct {
	make   string // steps
	path   string
	values map[string]string
}

const newFestival = "POST /api/v1/festivals\nAuthorization: Bearer {{token}}\n{\"slug\":\"july\",\"title\":\"July\",\"starts_at\":\"2030-07-01T00:00:00Z\",\"ends_at\":\"2030-08-01T00:00:00Z\"}\n> 201"

var changeables = map[string]changeable{
	"change-product": {
		make: "POST /api/v1/products\nAuthorization: Bearer {{token}}\n{\"sku\":\"TEA\",\"title\":\"Tea\",\"price\":900,\"currency\":\"CNY\"}\n> 201\n{\"id\":\"{{tea}}\"}",
		path: "/api/v1/products/{{tea}}",
		values: map[string]string{"list_price": "1200", "stock": `"low"`, "link": `"https://shop.example/tea"`, "image": `"/a.png"`,
			"images": `["/b.png"]`, "description": `"Green."`, "type": `"voucher"`, "ships_at": `"2026-12-24T00:00:00Z"`,
			"category": `"Food > Tea"`, "unit": `"kg"`, "gtin": `"4006381333931"`, "titles": `{"de":"Tee"}`,
			"variants": `[{"sku":"TEA-100","options":{"size":"100 g"}}]`},
	},
	"change-host": {
		make:   "POST /api/v1/hosts\nAuthorization: Bearer {{token}}\n{\"name\":\"Wang\",\"commission_bp\":1000}\n> 201\n{\"id\":\"{{host}}\"}",
		path:   "/api/v1/hosts/{{host}}",
		values: map[string]string{"name": `"Li"`, "commission_bp": "1250"},
	},
	"change-festival": {
		make:   newFestival,
		path:   "/api/v1/festivals/july",
		values: map[string]string{"title": `"Tea month"`, "description": `"All of it."`, "picture": `"/a.png"`, "timezone": `"Asia/Shanghai"`, "starts_at": `"2030-07-02T00:00:00Z"`, "ends_at": `"2030-07-30T00:00:00Z"`},
	},
	"change-participant": {
		make:   newFestival + "\n----\nPOST /api/v1/festivals/july/rooms\nAuthorization: Bearer {{token}}\n{\"name\":\"Tea house\"}\n> 201\n{\"id\":\"{{part}}\"}",
		path:   "/api/v1/festivals/july/rooms/{{part}}",
		values: map[string]string{"name": `"Tea hall"`, "region": `"Fujian/Anxi"`},
	},
	"change-participation": {
		make: newFestival + "\n----\nPOST /api/v1/festivals/july/rooms\nAuthorization: Bearer {{token}}\n{\"name\":\"Tea house\"}\n> 201\n{\"link\":\"/studio#/festivals/join/{{link}}\"}" +
			"\n----\nPOST /api/v1/festival-invitations/accept\nAuthorization: Bearer {{token}}\n{\"token\":\"{{link}}\",\"rooms\":[\"corn\"]}\n> 200\n{\"part\":{\"id\":\"{{part}}\"}}",
		path:   "/api/v1/participations/{{part}}",
		values: map[string]string{"rooms": `["corn"]`},
	},
	"change-line": {
		make: "POST /api/v1/products\nAuthorization: Bearer {{token}}\n{\"sku\":\"TEA\",\"title\":\"Tea\",\"price\":900,\"currency\":\"CNY\"}\n> 201\n{\"id\":\"{{tea}}\"}" +
			"\n----\nPOST /api/v1/shows\nAuthorization: Bearer {{token}}\n{\"room\":\"corn\"}\n> 201\n{\"id\":\"{{show}}\"}" +
			"\n----\nPUT /api/v1/shows/{{show}}/lineup\nAuthorization: Bearer {{token}}\n{\"items\":[{\"product\":\"TEA\"}]}\n> 200",
		path:   "/api/v1/shows/{{show}}/lineup/{{tea}}",
		values: map[string]string{"price": "700", "max_per_order": "2", "button_label": `"Buy"`, "note": `"Smile"`, "reveal_at": `"2030-01-01T20:00:00Z"`},
	},
	"change-org": {
		make:   "POST /api/v1/orgs\nAuthorization: Bearer {{token}}\n{\"name\":\"Tea town\"}\n> 201\n{\"id\":\"{{org}}\"}",
		path:   "/api/v1/orgs/{{org}}",
		values: map[string]string{"kind": `"agency"`, "parent": `"home"`, "region": `"Fujian"`, "currency": `"CNY"`, "timezone": `"Asia/Shanghai"`, "language": `"zh"`},
	},
	"change-shop": {
		make:   "POST /api/v1/shops\nAuthorization: Bearer {{token}}\n{\"name\":\"Tea\",\"kind\":\"stripe-link\"}\n> 201\n{\"id\":\"{{shop}}\"}",
		path:   "/api/v1/shops/{{shop}}",
		values: map[string]string{"stock": `"allocated-link"`},
	},
	"change-feed": {
		make:   "POST /api/v1/feeds\nAuthorization: Bearer {{token}}\n{\"url\":\"https://shop.example/feed\",\"paused\":true}\n> 201\n{\"id\":\"{{feed}}\"}",
		path:   "/api/v1/feeds/{{feed}}",
		values: map[string]string{"currency": `"EUR"`},
	},
	"change-allocation": {
		make: "POST /api/v1/products\nAuthorization: Bearer {{token}}\n{\"sku\":\"TEA\",\"title\":\"Tea\",\"price\":900,\"currency\":\"CNY\"}\n> 201\n" +
			"\n----\nPOST /api/v1/shows\nAuthorization: Bearer {{token}}\n{\"room\":\"corn\"}\n> 201\n{\"id\":\"{{show}}\"}\n" +
			"\n----\nPOST /api/v1/shows/{{show}}/allocations\nAuthorization: Bearer {{token}}\n{\"product\":\"TEA\",\"total\":5}\n> 201\n{\"id\":\"{{allocation}}\"}",
		path: "/api/v1/shows/{{show}}/allocations/{{allocation}}",
	},
	"change-poll": {
		make: "POST /api/v1/shows\nAuthorization: Bearer {{token}}\n{\"room\":\"corn\"}\n> 201\n{\"id\":\"{{show}}\"}\n" +
			"\n----\nPOST /api/v1/shows/{{show}}/polls\nAuthorization: Bearer {{token}}\n{\"question\":\"Which?\",\"options\":[\"Red\",\"Green\"]}\n> 201\n{\"id\":\"{{poll}}\"}",
		path:   "/api/v1/shows/{{show}}/polls/{{poll}}",
		values: map[string]string{"seconds": "60"},
	},
	"change-webhook": {
		make:   "POST /api/v1/webhooks\nAuthorization: Bearer {{token}}\n{\"url\":\"https://erp.example/\",\"types\":[\"order.paid\"]}\n> 201\n{\"id\":\"{{webhook}}\"}",
		path:   "/api/v1/webhooks/{{webhook}}",
		values: map[string]string{"name": `"ERP"`},
	},
	"change-pool": {
		make: "POST /api/v1/pools\nAuthorization: Bearer {{token}}\n{\"name\":\"Tea\"}\n> 201\n{\"id\":\"{{pool}}\"}",
		path: "/api/v1/pools/{{pool}}",
	},
	"change-pool-products": {
		make: "POST /api/v1/pools\nAuthorization: Bearer {{token}}\n{\"name\":\"Tea\"}\n> 201\n{\"id\":\"{{pool}}\"}",
		path: "/api/v1/pools/{{pool}}/products",
	},
	"change-room": {
		make:   "POST /api/v1/rooms\nAuthorization: Bearer {{token}}\n{\"slug\":\"tea\"}\n> 201",
		path:   "/api/v1/rooms/tea",
		values: map[string]string{"title": `"Tea house"`, "latency": `"mass"`, "retention": `"48h"`, "cue_delay": `0.35`, "ladder": `[{"height":720,"fps":30,"kbps":2500}]`},
	},
	"change-show": {
		make: "POST /api/v1/rooms/corn/cues\nAuthorization: Bearer {{token}}\n{\"kind\":\"notice\",\"text\":\"Soon\"}\n> 201\n" +
			"\n----\nGET /api/v1/rooms/corn/shows\nAuthorization: Bearer {{token}}\n> 200\n{\"items\":[{\"id\":\"{{show}}\"}]}",
		path: "/api/v1/shows/{{show}}",
		values: map[string]string{"title": `"Opening night"`, "keep": "true", "retention": `"48h"`, "starts_at": `"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"`,
			"timezone": `"Asia/Shanghai"`, "picture": `"/a.png"`, "rehearsal": "true"},
	},
}

type reference struct {
	Ref string `json:"$ref"`
}

func (r reference) name() string { return path.Base(r.Ref) }

// schema is what the document says of an object.
type schema struct{ Properties map[string]property }

type property struct{ Type any } // a word or a list of them

func (p property) nullable() bool {
	list, _ := p.Type.([]any)
	return slices.Contains(list, any("null"))
}

// TestNull goes through each field of each PATCH in the document: null sets one that
// the document calls nullable to what it is where a new resource leaves it out, and is
// refused for any other.
func TestNull(t *testing.T) {
	text, err := os.ReadFile("../web/openapi.json")
	must(t, err)
	var document struct {
		Paths map[string]struct {
			Patch *struct {
				OperationID string
				RequestBody struct {
					Content map[string]struct{ Schema reference }
				}
				Responses map[string]any
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	must(t, json.Unmarshal(text, &document))
	tried := 0
	for address, item := range document.Paths {
		if item.Patch == nil {
			continue
		}
		op := item.Patch
		t.Run(op.OperationID, func(t *testing.T) {
			c, ok := changeables[op.OperationID]
			if !ok {
				t.Fatalf("PATCH %s needs a row in changeables", address)
			}
			body := document.Components.Schemas[op.RequestBody.Content["application/json"].Schema.name()]
			if len(body.Properties) == 0 || op.Responses["400"] == nil {
				t.Fatalf("PATCH %s: no fields, or no answer 400", address)
			}
			s := newServer(t, time.Minute, func(o *api.Options) { o.Media = month{} })
			for step := range strings.SplitSeq(c.make, "----\n") {
				must(t, s.step(t.Context(), step))
			}
			for name, p := range body.Properties {
				tried++
				s.tryNull(t, c, name, p.nullable())
			}
			for name := range c.values {
				if _, ok := body.Properties[name]; !ok {
					t.Errorf("%s is not in the document", name)
				}
			}
		})
	}
	if tried < 15 {
		t.Errorf("%d fields: that is not the document", tried)
	}
}

// month is a store that does not keep shows for ever, so that keep makes a difference.
type month struct{ mediaStore }

func (month) Retention() overlay.Retention {
	return overlay.Retention{Set: true, For: 720 * time.Hour}
}

// tryNull sets a field to null, one that may be null from another value.
func (s *server) tryNull(t *testing.T, c changeable, field string, nullable bool) {
	t.Helper()
	before := s.read(t, c)
	patch := "PATCH " + c.path + "\nAuthorization: Bearer {{token}}\n{\"" + field + "\":%s}\n> "
	if !nullable {
		must(t, s.step(t.Context(), fmt.Sprintf(patch+"400\n{\"type\":\"/api#invalid\",\"detail\":\"%s: cannot be null; leave it out to keep it as it is\"}", "null", field)))
		if after := s.read(t, c); !reflect.DeepEqual(before, after) {
			t.Errorf("%s: the refused null made %v of %v", field, after, before)
		}
		return
	}
	value := c.values[field]
	if value == "" {
		t.Fatalf("%s needs another value in changeables", field)
	}
	must(t, s.step(t.Context(), fmt.Sprintf(patch+"200", value)))
	if set := s.read(t, c); reflect.DeepEqual(set[field], before[field]) {
		t.Fatalf("%s is %v before and after it is set to %s", field, set[field], value)
	}
	must(t, s.step(t.Context(), fmt.Sprintf(patch+"200", "null")))
	after := s.read(t, c)
	for _, name := range slices.Concat(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after))) {
		if name != "rev" && name != "changed_at" && !reflect.DeepEqual(before[name], after[name]) {
			t.Errorf("%s: after null %s is %v, want %v", field, name, after[name], before[name])
		}
	}
}

func (s *server) read(t *testing.T, c changeable) (fields map[string]any) {
	t.Helper()
	_, body, err := s.ask(t.Context(), []string{"GET " + c.path, "Authorization: Bearer {{token}}"})
	must(t, err)
	must(t, json.Unmarshal(body, &fields))
	return fields
}
