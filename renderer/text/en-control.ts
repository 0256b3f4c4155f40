/**
 * Words of control maps, in English.
 */
export const enControl = {
  title: 'Control map',
  kind: 'Shows',
  kindHint: 'What the model takes the map for',
  kinds: {
    canny: 'Edges',
    softedge: 'Soft edges',
    lineart: 'Line art',
    depth: 'Depth',
    segmentation: 'Regions',
  },
  regions: 'Colours of regions',
  regionsHint: 'What each colour stands for; what you do not paint is the first',
  notFollowed: 'The chosen model follows no such maps.',
  make: 'Make a map',
  makeHint: 'Of what lies in the frame; what is on this layer there goes away',
  source: 'From',
  picture: 'The picture',
  method: 'As',
  methods: { canny: 'Edges', softedge: 'Soft edges', lineart: 'Line art', plain: 'It is' },
  missing: 'This model paints over a control map: paint one, or make one of the picture.',
  makeOne: 'Make one',
  missingPicture: 'Words change a picture: paint or open one, and put the frame over it.',
};
