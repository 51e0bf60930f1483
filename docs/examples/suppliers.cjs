// Who supplies the IRGC: node suppliers.cjs bolt://127.0.0.1:7687 PASSWORD_FILE
const fs = require('node:fs')
const neo4j = require('neo4j-driver')

const QUERY = `
MATCH (supplier:Entity)-[r:SUPPLIES]->(:Entity {id: $id})
RETURN supplier.name AS supplier, r.status AS status, r.independent AS independent, r.first AS first
ORDER BY r.rank DESC, supplier`

async function main (uri, passwordFile) {
  const password = fs.readFileSync(passwordFile, 'utf8').trim()
  const driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', password), {
    disableLosslessIntegers: true
  })
  const { records } = await driver.executeQuery(QUERY, { id: 'irgc' }, {
    routing: neo4j.routing.READ
  })
  for (const record of records) {
    console.log(...record.map(value => String(value)))
  }
  await driver.close()
}

main(...process.argv.slice(2))
