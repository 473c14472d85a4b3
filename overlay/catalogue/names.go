package catalogue

// plainNames are the names of columns in Google Merchant feeds and in spreadsheets, as
// columnName makes them regular. The three that are needed come first. What people
// outside of our languages call a column is added where it can mean nothing else;
// docs/selling.md has the list for users.
var plainNames = []struct {
	field field
	names []string
}{
	{fieldSKU, []string{"sku", "id", "article number", "item number", "artikelnummer", "artikel-nr.", "art.-nr.", "bestellnummer", "référence", "referencia", "货号", "编号", "商品编号", "商品编码", "商家编码"}},
	{fieldTitle, []string{"title", "name", "product", "product name", "item name", "titel", "bezeichnung", "produkt", "produktname", "artikelname", "titre", "nom", "produit", "nom du produit", "désignation", "título", "titulo", "nombre", "producto", "nombre del producto", "标题", "名称", "品名", "商品", "商品名称", "商品标题", "产品名称"}},
	{fieldPrice, []string{"price", "selling price", "preis", "verkaufspreis", "prix", "prix de vente", "precio", "precio de venta", "价格", "单价", "售价", "销售价"}},
	{fieldSalePrice, []string{"sale price"}},
	{fieldSaleDates, []string{"sale price effective date"}},
	{fieldListPrice, []string{"list price", "compare-at price", "listenpreis", "uvp", "prix barré", "precio de lista", "原价", "划线价", "市场价"}},
	{fieldCurrency, []string{"currency", "währung", "devise", "moneda", "币种", "货币"}},
	{fieldLink, []string{"link", "url", "product link", "product url", "produktlink", "produkt-url", "lien", "enlace", "链接", "商品链接", "购买链接", "网址"}},
	{fieldImage, []string{"image", "image link", "image url", "picture", "photo", "bild", "bild-url", "foto", "imagen", "图片", "主图", "商品图片", "图片链接"}},
	{fieldImages, []string{"additional image link"}},
	{fieldDescription, []string{"description", "beschreibung", "descripción", "descripcion", "描述", "商品描述"}},
	{fieldStock, []string{"stock", "availability", "verfügbarkeit", "bestand", "lagerbestand", "disponibilité", "disponibilidad", "库存", "库存状态"}},
	{fieldGTIN, []string{"gtin", "ean", "barcode", "条码", "条形码"}},
	{fieldCategory, []string{"category", "product type", "kategorie", "catégorie", "categoría", "categoria", "分类", "类目", "商品分类"}},
	{fieldShipsAt, []string{"availability date"}},
	{fieldGroup, []string{"item group id"}},
	{fieldColor, []string{"color", "colour"}},
	{fieldSize, []string{"size"}},
	{fieldMaterial, []string{"material"}},
	{fieldPattern, []string{"pattern"}},
}

var plainColumns = fieldsByName()

func fieldsByName() map[string]field {
	all := map[string]field{}
	for _, n := range plainNames {
		for _, name := range n.names {
			all[name] = n.field
		}
	}
	return all
}
