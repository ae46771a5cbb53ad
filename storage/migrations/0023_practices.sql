-- What people do and know, in words that every node has: services of councils, and councils themselves.

-- The local-government service list: functions ("function/34") and services below them ("service/372"), by the
-- numbers that they have there. This small part ships; `fedcop services import` brings the rest.
CREATE TABLE services (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    label_cy TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,                 -- the label in small letters, by which it is looked for
    name_cy TEXT NOT NULL DEFAULT '',
    function TEXT,                      -- the function above; none above a group, or where the list does not say
    place INTEGER NOT NULL DEFAULT 0    -- its number on the list
);
CREATE INDEX services_by_name ON services (name);
CREATE INDEX services_by_name_cy ON services (name_cy);
CREATE INDEX services_by_function ON services (function);

-- The register of councils; empty until one is imported.
CREATE TABLE councils (
    code TEXT PRIMARY KEY,              -- GSS code: W06000023
    name TEXT NOT NULL,
    name_cy TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT '',      -- county, district, unitary, combined
    nation TEXT NOT NULL DEFAULT '',
    labels TEXT NOT NULL DEFAULT '[]'   -- JSON: what councils have in common, such as "Rural"
);
-- Which hosts are a council's: each of these and all below it.
CREATE TABLE council_hosts (
    host TEXT NOT NULL,
    code TEXT NOT NULL REFERENCES councils (code) ON DELETE CASCADE,
    PRIMARY KEY (host, code)
);

-- What an actor does: JSON of role, council, areas, offers, needs; and the same as terms, to be found by.
ALTER TABLE actors ADD COLUMN practice TEXT NOT NULL DEFAULT '{}';
CREATE TABLE practice_terms (
    kind TEXT NOT NULL,                 -- area, offers, needs, council, role
    term TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, term, actor_id)
);
CREATE INDEX practice_terms_by_actor ON practice_terms (actor_id);

-- The communities whose members may read a profile that another node shows to fellow members only.
CREATE TABLE profile_readers (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    community_uri TEXT NOT NULL,
    PRIMARY KEY (actor_id, community_uri)
);

-- When somebody who signs in here last said that their profile is right.
ALTER TABLE accounts ADD COLUMN confirmed_at TEXT;

-- Other software hides nothing by not recommending somebody: such people are shown, and not listed.
UPDATE actors SET findable = 'hidden' WHERE local = 0 AND type <> 'Group' AND findable = 'members';

INSERT INTO services (id, label, label_cy, name, name_cy, function, place) VALUES
('function/1', 'Advice and benefits', 'Cyngor a budd-daliadau', 'advice and benefits', 'cyngor a budd-daliadau', NULL, 1),
('function/6', 'Business and jobs', 'Busnes a swyddi', 'business and jobs', 'busnes a swyddi', NULL, 6),
('function/16', 'Community safety', 'Diogelwch cymunedol', 'community safety', 'diogelwch cymunedol', NULL, 16),
('function/23', 'Education and learning', 'Addysg a dysgu', 'education and learning', 'addysg a dysgu', NULL, 23),
('function/30', 'Environment', 'Yr amgylchedd', 'environment', 'yr amgylchedd', NULL, 30),
('function/42', 'Running the council', 'Rhedeg y cyngor', 'running the council', 'rhedeg y cyngor', NULL, 42),
('function/58', 'Health and social care', 'Iechyd a gofal cymdeithasol', 'health and social care', 'iechyd a gofal cymdeithasol', NULL, 58),
('function/66', 'Housing', 'Tai', 'housing', 'tai', NULL, 66),
('function/72', 'Leisure and culture', 'Hamdden a diwylliant', 'leisure and culture', 'hamdden a diwylliant', NULL, 72),
('function/82', 'Licensing', 'Trwyddedu', 'licensing', 'trwyddedu', NULL, 82),
('function/95', 'Coast and waterways', 'Yr arfordir a dyfrffyrdd', 'coast and waterways', 'yr arfordir a dyfrffyrdd', NULL, 95),
('function/99', 'Planning and building', 'Cynllunio ac adeiladu', 'planning and building', 'cynllunio ac adeiladu', NULL, 99),
('function/105', 'Transport and highways', 'Trafnidiaeth a phriffyrdd', 'transport and highways', 'trafnidiaeth a phriffyrdd', NULL, 105),
('function/2', 'Welfare rights', 'Hawliau lles', 'welfare rights', 'hawliau lles', 'function/1', 2),
('function/3', 'Benefits', 'Budd-daliadau', 'benefits', 'budd-daliadau', 'function/1', 3),
('function/4', 'Support for communities', 'Cymorth i gymunedau', 'support for communities', 'cymorth i gymunedau', 'function/1', 4),
('function/5', 'Grants', 'Grantiau', 'grants', 'grantiau', 'function/1', 5),
('function/7', 'Business advice', 'Cyngor i fusnesau', 'business advice', 'cyngor i fusnesau', 'function/6', 7),
('function/9', 'Business rates', 'Ardrethi busnes', 'business rates', 'ardrethi busnes', 'function/6', 9),
('function/12', 'Health and safety at work', 'Iechyd a diogelwch yn y gwaith', 'health and safety at work', 'iechyd a diogelwch yn y gwaith', 'function/6', 12),
('function/13', 'Regeneration', 'Adfywio', 'regeneration', 'adfywio', 'function/6', 13),
('function/14', 'Procurement and contracts', 'Caffael a chontractau', 'procurement and contracts', 'caffael a chontractau', 'function/6', 14),
('function/15', 'Trading standards', 'Safonau masnach', 'trading standards', 'safonau masnach', 'function/6', 15),
('function/18', 'Emergency planning', 'Cynllunio at argyfwng', 'emergency planning', 'cynllunio at argyfwng', 'function/16', 18),
('function/22', 'Youth justice', 'Cyfiawnder ieuenctid', 'youth justice', 'cyfiawnder ieuenctid', 'function/16', 22),
('function/24', 'Adult learning', 'Dysgu oedolion', 'adult learning', 'dysgu oedolion', 'function/23', 24),
('function/25', 'Early years and childcare', 'Y blynyddoedd cynnar a gofal plant', 'early years and childcare', 'y blynyddoedd cynnar a gofal plant', 'function/23', 25),
('function/28', 'Schools', 'Ysgolion', 'schools', 'ysgolion', 'function/23', 28),
('function/29', 'Additional learning needs', 'Anghenion dysgu ychwanegol', 'additional learning needs', 'anghenion dysgu ychwanegol', 'function/23', 29),
('function/32', 'Climate and sustainability', 'Hinsawdd a chynaliadwyedd', 'climate and sustainability', 'hinsawdd a chynaliadwyedd', 'function/30', 32),
('function/33', 'Countryside', 'Cefn gwlad', 'countryside', 'cefn gwlad', 'function/30', 33),
('function/34', 'Environmental health', 'Iechyd yr amgylchedd', 'environmental health', 'iechyd yr amgylchedd', 'function/30', 34),
('function/35', 'Burials and cremations', 'Claddu ac amlosgi', 'burials and cremations', 'claddu ac amlosgi', 'function/30', 35),
('function/36', 'Parks and open spaces', 'Parciau a mannau agored', 'parks and open spaces', 'parciau a mannau agored', 'function/30', 36),
('function/37', 'Pollution', 'Llygredd', 'pollution', 'llygredd', 'function/30', 37),
('function/38', 'Waste', 'Gwastraff', 'waste', 'gwastraff', 'function/30', 38),
('function/39', 'Recycling', 'Ailgylchu', 'recycling', 'ailgylchu', 'function/30', 39),
('function/40', 'Street cleaning', 'Glanhau strydoedd', 'street cleaning', 'glanhau strydoedd', 'function/30', 40),
('function/48', 'Consultation and engagement', 'Ymgynghori ac ymgysylltu', 'consultation and engagement', 'ymgynghori ac ymgysylltu', 'function/42', 48),
('function/49', 'Data protection and freedom of information', 'Diogelu data a rhyddid gwybodaeth', 'data protection and freedom of information', 'diogelu data a rhyddid gwybodaeth', 'function/42', 49),
('function/50', 'Democratic services', 'Gwasanaethau democrataidd', 'democratic services', 'gwasanaethau democrataidd', 'function/42', 50),
('function/51', 'Equality', 'Cydraddoldeb', 'equality', 'cydraddoldeb', 'function/42', 51),
('function/53', 'Policy and performance', 'Polisi a pherfformiad', 'policy and performance', 'polisi a pherfformiad', 'function/42', 53),
('function/54', 'Registration of births and deaths', 'Cofrestru genedigaethau a marwolaethau', 'registration of births and deaths', 'cofrestru genedigaethau a marwolaethau', 'function/42', 54),
('function/56', 'Council tax and revenues', 'Y dreth gyngor a refeniw', 'council tax and revenues', 'y dreth gyngor a refeniw', 'function/42', 56),
('function/57', 'Volunteering', 'Gwirfoddoli', 'volunteering', 'gwirfoddoli', 'function/42', 57),
('function/59', 'Social care for adults', 'Gofal cymdeithasol i oedolion', 'social care for adults', 'gofal cymdeithasol i oedolion', 'function/58', 59),
('function/61', 'Carers', 'Gofalwyr', 'carers', 'gofalwyr', 'function/58', 61),
('function/63', 'Social care for children', 'Gofal cymdeithasol i blant', 'social care for children', 'gofal cymdeithasol i blant', 'function/58', 63),
('function/67', 'Council housing', 'Tai cyngor', 'council housing', 'tai cyngor', 'function/66', 67),
('function/68', 'Homelessness', 'Digartrefedd', 'homelessness', 'digartrefedd', 'function/66', 68),
('function/70', 'Housing repairs', 'Atgyweirio tai', 'housing repairs', 'atgyweirio tai', 'function/66', 70),
('function/71', 'Shared houses', 'Tai amlfeddiannaeth', 'shared houses', 'tai amlfeddiannaeth', 'function/66', 71),
('function/74', 'Events', 'Digwyddiadau', 'events', 'digwyddiadau', 'function/72', 74),
('function/76', 'Libraries', 'Llyfrgelloedd', 'libraries', 'llyfrgelloedd', 'function/72', 76),
('function/78', 'Museums', 'Amgueddfeydd', 'museums', 'amgueddfeydd', 'function/72', 78),
('function/80', 'Sport', 'Chwaraeon', 'sport', 'chwaraeon', 'function/72', 80),
('function/81', 'Tourism', 'Twristiaeth', 'tourism', 'twristiaeth', 'function/72', 81),
('function/83', 'Alcohol licensing', 'Trwyddedu alcohol', 'alcohol licensing', 'trwyddedu alcohol', 'function/82', 83),
('function/91', 'Taxi licensing', 'Trwyddedu tacsis', 'taxi licensing', 'trwyddedu tacsis', 'function/82', 91),
('function/96', 'Coast', 'Yr arfordir', 'coast', 'yr arfordir', 'function/95', 96),
('function/98', 'Harbours', 'Harbyrau', 'harbours', 'harbyrau', 'function/95', 98),
('function/100', 'Building control', 'Rheoli adeiladu', 'building control', 'rheoli adeiladu', 'function/99', 100),
('function/101', 'Planning applications', 'Ceisiadau cynllunio', 'planning applications', 'ceisiadau cynllunio', 'function/99', 101),
('function/102', 'Heritage and landscape', 'Treftadaeth a thirwedd', 'heritage and landscape', 'treftadaeth a thirwedd', 'function/99', 102),
('function/103', 'Planning policy', 'Polisi cynllunio', 'planning policy', 'polisi cynllunio', 'function/99', 103),
('function/107', 'Cycling', 'Beicio', 'cycling', 'beicio', 'function/105', 107),
('function/108', 'Public rights of way', 'Hawliau tramwy cyhoeddus', 'public rights of way', 'hawliau tramwy cyhoeddus', 'function/105', 108),
('function/109', 'Road maintenance', 'Cynnal a chadw ffyrdd', 'road maintenance', 'cynnal a chadw ffyrdd', 'function/105', 109),
('function/110', 'Parking', 'Parcio', 'parking', 'parcio', 'function/105', 110),
('function/111', 'Public transport', 'Trafnidiaeth gyhoeddus', 'public transport', 'trafnidiaeth gyhoeddus', 'function/105', 111),
('function/112', 'Road safety', 'Diogelwch ar y ffyrdd', 'road safety', 'diogelwch ar y ffyrdd', 'function/105', 112),
('service/4', 'Free school meals', 'Prydau ysgol am ddim', 'free school meals', 'prydau ysgol am ddim', 'function/28', 4),
('service/112', 'Support for homeless people', 'Cymorth i bobl ddigartref', 'support for homeless people', 'cymorth i bobl ddigartref', 'function/68', 112),
('service/137', 'Grants for adapting homes', 'Grantiau addasu tai', 'grants for adapting homes', 'grantiau addasu tai', 'function/70', 137),
('service/159', 'Fostering', 'Maethu', 'fostering', 'maethu', 'function/63', 159),
('service/160', 'Adoption', 'Mabwysiadu', 'adoption', 'mabwysiadu', 'function/63', 160),
('service/372', 'Vehicles left behind', 'Cerbydau wedi''u gadael', 'vehicles left behind', 'cerbydau wedi''u gadael', 'function/40', 372),
('service/403', 'Shops and trading standards', 'Siopau a safonau masnach', 'shops and trading standards', 'siopau a safonau masnach', 'function/15', 403),
('service/412', 'Noise', 'Sŵn', 'noise', 'sŵn', 'function/37', 412),
('service/413', 'Air quality', 'Ansawdd aer', 'air quality', 'ansawdd aer', 'function/37', 413),
('service/418', 'Contaminated land', 'Tir halogedig', 'contaminated land', 'tir halogedig', 'function/37', 418),
('service/431', 'Pest control', 'Rheoli plâu', 'pest control', 'rheoli plâu', 'function/34', 431),
('service/494', 'Local plans', 'Cynlluniau lleol', 'local plans', 'cynlluniau lleol', 'function/103', 494),
('service/510', 'Allotments', 'Rhandiroedd', 'allotments', 'rhandiroedd', 'function/36', 510),
('service/534', 'Recycling centres', 'Canolfannau ailgylchu', 'recycling centres', 'canolfannau ailgylchu', 'function/39', 534),
('service/561', 'Gritting', 'Graeanu', 'gritting', 'graeanu', 'function/109', 561),
('service/564', 'Street lights', 'Goleuadau stryd', 'street lights', 'goleuadau stryd', 'function/109', 564),
('service/577', 'Dog fouling', 'Baw cŵn', 'dog fouling', 'baw cŵn', 'function/40', 577),
('service/703', 'Emergency plans', 'Cynlluniau argyfwng', 'emergency plans', 'cynlluniau argyfwng', 'function/18', 703),
('service/722', 'Freedom of information', 'Rhyddid gwybodaeth', 'freedom of information', 'rhyddid gwybodaeth', 'function/49', 722),
('service/830', 'Procurement policy', 'Polisi caffael', 'procurement policy', 'polisi caffael', 'function/14', 830),
('service/1130', 'Household recycling', 'Ailgylchu o gartrefi', 'household recycling', 'ailgylchu o gartrefi', 'function/39', 1130),
('service/1423', 'Food waste', 'Gwastraff bwyd', 'food waste', 'gwastraff bwyd', 'function/39', 1423),
('service/1612', 'Flood prevention', 'Atal llifogydd', 'flood prevention', 'atal llifogydd', 'function/18', 1612);
